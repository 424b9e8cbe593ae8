/**
 * Generated from docs/openapi.json by `npm run generate`. Do not change it by hand.
 */

export interface paths {
    "/api/v1/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Latency against target, cost and utilization of each service */
        get: operations["getAnswers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where accelerator time went, in money, and which change frees most */
        get: operations["getWhy"];
        put?: never;
        /** The same, with what clusters say of accelerators that nobody was given */
        post: operations["askWhy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clusters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Live clusters: who holds the cards, who waits, what is wasted, and occupancy over time */
        get: operations["listClusters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Latency percentiles, heatmap, volume and cost over time
         * @description `heat` has 48 buckets per step, the same in every step of a metric: the first also holds all below its bound, the last all above. Percentiles are within 0.54 % of a value of the data.
         */
        get: operations["getSeries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Requests of a window, filtered, sorted and paged
         * @description Stored prompts and outputs are left out of lists (`content` is null); ask for one request.
         */
        get: operations["listRequests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One request, with its stored content if the service keeps it */
        get: operations["getRequest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Services with their owners, targets and engines */
        get: operations["listServices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/engines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Use of each engine over a window */
        get: operations["listEngines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The configuration in effect, secrets masked
         * @description The shape is that of docs/tailrace.schema.json, with `***` in place of secrets.
         */
        get: operations["getConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the ledger and the workers are, and every loss */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Keys of the configuration and of the store, revoked ones too */
        get: operations["listKeys"];
        put?: never;
        /** Make a key; the reply is the only time that it is shown */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a key of the store; it stops working at once */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Raw records of a window as one Parquet file */
        get: operations["exportRecords"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Server-sent events: `tick` when the ledger took in records
         * @description At most one tick a second; a comment every 15 s keeps the connection open. The data of a tick is `{recordsTotal, newestRecordMs}`.
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Plans under way and the latest that ended */
        get: operations["listPlans"];
        put?: never;
        /** Start a plan: a prediction, a search, the cost of doubling, a site check, or a training run */
        post: operations["startPlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One plan: its progress, and its result once it is done */
        get: operations["getPlan"];
        put?: never;
        post?: never;
        /** Cancel a plan under way; one that ended is left as it is */
        delete: operations["cancelPlan"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The plan that a service is served by now, at its measured load; to change and to start */
        get: operations["getServicePlan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics of Tailrace itself, Prometheus text format 0.0.4 */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What accelerators, hosts and engines did over a window */
        get: operations["getResources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How each source does, and what was not taken in */
        get: operations["listSources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/external-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Requests to models that other software reported over OpenTelemetry, newest first */
        get: operations["listExternalRequests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/probe-results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What `tailrace probe` measured, newest first */
        get: operations["listProbeResults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/job-steps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Work of every rank in the last steps of a training job: who straggles */
        get: operations["getJobSteps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/write": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prometheus remote-write 1 and 2.0
         * @description Snappy and protobuf. An admin key or one with `ingest: true`.
         */
        post: operations["remoteWrite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/traces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * OpenTelemetry spans: calls to models are kept
         * @description OTLP/HTTP. An admin key or one with `ingest: true`.
         */
        post: operations["otlpTraces"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * OpenTelemetry metrics
         * @description OTLP/HTTP. An admin key or one with `ingest: true`.
         */
        post: operations["otlpMetrics"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * OpenTelemetry logs: GenAI events are kept
         * @description OTLP/HTTP. An admin key or one with `ingest: true`.
         */
        post: operations["otlpLogs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/traces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Profiler traces that were brought, newest first */
        get: operations["listTraces"];
        put?: never;
        /**
         * Bring a PyTorch/Kineto trace
         * @description The file as it is, gzip or not, at most traces.maxUploadBytes. It is read after the reply.
         */
        post: operations["addTrace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/traces/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One trace: its breakdown and views, its tracks and steps */
        get: operations["getTrace"];
        put?: never;
        post?: never;
        /** Delete a trace */
        delete: operations["removeTrace"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/traces/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A tile of the timeline at a level of detail, as bytes
         * @description Level L cuts the timeline into 2^L tiles of 512 bins; see docs/formats/timeline.md.
         */
        get: operations["getTraceTile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/traces/{id}/range": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the accelerator’s time in a range of a trace went, exactly */
        get: operations["getTraceRange"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/traces/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events of a trace whose name has a text */
        get: operations["findTraceEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/traces/{id}/events/{row}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One event of a trace, with its launch or its work */
        get: operations["getTraceEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vendors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Vendors and teams with their scores, gaps and contradictions */
        get: operations["listVendors"];
        put?: never;
        /** Make a vendor or team, or change name, kind and criticality of one */
        post: operations["putVendor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vendors/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The questions, why they matter and what a good answer contains */
        get: operations["listVendorQuestions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vendors/comparison": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Vendors side by side, question by question */
        get: operations["compareVendors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vendors/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One vendor with its whole history, documents and links */
        get: operations["getVendor"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vendors/{id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What changed between two times: answers, and what stands behind them */
        get: operations["diffVendor"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vendors/{id}/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add answers; all of them or none */
        post: operations["addVendorAnswers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vendors/{id}/answers.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The questionnaire with the answers so far, as CSV */
        get: operations["exportVendorAnswers"];
        put?: never;
        /** Take in a filled-in questionnaire; all of it or nothing */
        post: operations["importVendorAnswers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vendors/{id}/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what a test of ours found about an answer */
        post: operations["reviewVendorAnswer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vendors/{id}/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep a document of a vendor, at most 5 MiB */
        post: operations["addVendorDocument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vendors/{id}/documents/{sha256}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A document of a vendor, as a download */
        get: operations["getVendorDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vendors/{id}/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a signed link through which a vendor answers without an account */
        post: operations["createVendorLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vendors/{id}/links/{link}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Withdraw a link; it stops working at once */
        delete: operations["revokeVendorLink"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vendors/{id}/probe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the last probe of a vendor is; its report is in the vendor once it is done */
        get: operations["getVendorProbe"];
        put?: never;
        /** Say what a probe of an endpoint would send, or with `confirm` send it */
        post: operations["probeVendor"];
        /** Stop a probe under way; nothing of it is kept */
        delete: operations["cancelVendorProbe"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vendors/quotes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compare quotes at the same traffic and targets: cost, power fit, dates */
        post: operations["compareVendorQuotes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vendors/{id}/quotes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep a quote: price, accelerators, power and lead time */
        post: operations["addVendorQuote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/score": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The scorecard: eight categories with the evidence of every condition */
        get: operations["getScore"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/score/interview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The questions of the interview, in order */
        get: operations["getInterview"];
        put?: never;
        /** Answer the interview: a yes with a document is E2, without one a claim */
        post: operations["answerInterview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/score/not-applicable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that a condition does not apply: with a reason, an owner and an expiry */
        post: operations["declareNotApplicable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/score/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The scorecard as a page to print: a summary, then every condition */
        get: operations["getScoreReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roadmap": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An action for every unmet condition, in 30, 60 and 90 days */
        get: operations["getRoadmap"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roadmap/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The roadmap as Markdown, CSV or iCalendar */
        get: operations["exportRoadmap"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roadmap/owners": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give an action an owner */
        post: operations["assignAction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Evidence, newest first */
        get: operations["listEvidence"];
        put?: never;
        /** Bring evidence from outside, E2 at most */
        post: operations["addEvidence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/evidence/collect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run the collectors now */
        post: operations["collectEvidence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/evidence/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Upload a document, to be named by its digest in evidence */
        put: operations["putDocument"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/evidence/documents/{sha256}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A document as it was uploaded */
        get: operations["getDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/evidence/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One piece of evidence */
        get: operations["getEvidence"];
        put?: never;
        post?: never;
        /** Take back what a person brought; it stays in the history */
        delete: operations["withdrawEvidence"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/logbook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened once and evidence is drawn from, newest first */
        get: operations["listLogbook"];
        put?: never;
        /** Declare a drill, an invoice or the review of an outage */
        post: operations["addToLogbook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the release gate: error budget, and p99 of a canary; the verdict is kept */
        post: operations["askRelease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Outages of the last 30 days that the ledger shows, and their reviews */
        get: operations["listIncidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a test message to whoever is on call for a service */
        post: operations["testAlert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["getOpenapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Answers: {
            generatedAtMs: number;
            fromMs: number;
            toMs: number;
            percentileErrorBound: number;
            services: {
                service: string;
                owner: string;
                feature: string | null;
                /** @enum {string} */
                simulated: "none" | "some" | "all";
                requests: {
                    total: number;
                    succeeded: number;
                    failed: number;
                    rejected: number;
                    aborted: number;
                    retried: number;
                    usageEstimated: number;
                    tokensIn: number;
                    tokensOut: number;
                };
                latency: {
                    /** @enum {string} */
                    metric: "ttft" | "tpot" | "e2e";
                    count: number;
                    p50Ms: number | null;
                    p95Ms: number | null;
                    p99Ms: number | null;
                    p95TooFew: boolean;
                    p99TooFew: boolean;
                    targetP95Ms: number | null;
                    targetP99Ms: number | null;
                    met: boolean | null;
                }[];
                availability: {
                    actual: number | null;
                    target: number | null;
                    met: boolean | null;
                };
                tail: {
                    sampleCount: number;
                    causes: {
                        /** @enum {string} */
                        cause: "queue" | "engine-queue" | "prefill" | "first-token" | "decode" | "retries" | "gateway";
                        share: number;
                        meanMs: number;
                    }[];
                };
                cost: {
                    /** @enum {string} */
                    kind: "api" | "rented" | "owned" | "mixed" | "unknown";
                    /** @enum {string} */
                    basis: "measured" | "modelled" | "estimated" | "unknown";
                    usageUsd: number | null;
                    allocatedUsd: number | null;
                    idleUsd: number | null;
                    perRequestUsd: number | null;
                    per1kRequestsUsd: number | null;
                    perMTokenUsd: number | null;
                    perMInputTokenUsd: number | null;
                    perMOutputTokenUsd: number | null;
                    usagePerRequestUsd: number | null;
                    byFeature: {
                        feature: string;
                        requests: number;
                        usageUsd: number | null;
                        allocatedUsd: number | null;
                    }[];
                    marginal: {
                        perRequestUsd: number | null;
                        /** @enum {string} */
                        basis: "measured" | "modelled" | "estimated" | "unknown";
                        explanation: string;
                        missing: string[];
                    };
                    missing: string[];
                };
                energy: {
                    energyWh: number | null;
                    perRequestWh: number | null;
                    /** @enum {string} */
                    basis: "measured" | "modelled" | "estimated" | "unknown";
                };
                utilization: {
                    engines: {
                        engine: string;
                        simulated: boolean;
                        acceleratorHours: number | null;
                        busyShare: number | null;
                        idleShare: number | null;
                        runningMean: number | null;
                        batchOccupancy: number | null;
                        kvUsageShare: number | null;
                        waitingMean: number | null;
                        preemptions: number | null;
                        sampledShare: number;
                    }[];
                    busyShare: number | null;
                    causes: {
                        /** @enum {string} */
                        cause: "no-demand" | "engine-down" | "small-batch" | "kv-full" | "queue-wait" | "busy" | "unknown" | "quota" | "fragmentation" | "queue-policy" | "maintenance" | "failed" | "starting" | "loading" | "left-on" | "checkpoint" | "evaluation" | "data-stall" | "host-cpu" | "network" | "throttled" | "pipeline-bubble" | "communication" | "padding" | "useful" | "memory-bandwidth" | "low-occupancy" | "unexplained";
                        share: number;
                        usd: number | null;
                    }[];
                    sentence: string;
                };
                redFlags: {
                    code: string;
                    message: string;
                }[];
                /** @enum {string} */
                verdict: "within-target" | "target-missed" | "red-flag";
            }[];
            breakdown: {
                service: string;
                key: string;
                requests: number;
                ttftP95Ms: number | null;
                e2eP50Ms: number | null;
                e2eP95Ms: number | null;
                e2eP99Ms: number | null;
                tokensIn: number;
                tokensOut: number;
                usageUsd: number | null;
            }[] | null;
            /** @enum {string|null} */
            breakdownBy: "tenant" | "feature" | "model" | null;
            exitCode: 0 | 3 | 4;
        };
        ApiError: {
            error: {
                code: string;
                message: string;
                field: string | null;
                requestId: string;
            };
        };
        Why: {
            generatedAtMs: number;
            fromMs: number;
            toMs: number;
            subject: string | null;
            /** @enum {string} */
            simulated: "none" | "some" | "all";
            trees: {
                /** @enum {string} */
                business: "inference" | "training" | "shared";
                acceleratorHours: number;
                usd: number | null;
                energyWh: number | null;
                leaves: {
                    /** @enum {string} */
                    group: "not-allocated" | "idle" | "held-down" | "useful" | "unexplained";
                    /** @enum {string} */
                    cause: "no-demand" | "quota" | "fragmentation" | "queue-policy" | "maintenance" | "failed" | "starting" | "loading" | "left-on" | "checkpoint" | "evaluation" | "data-stall" | "host-cpu" | "network" | "throttled" | "pipeline-bubble" | "communication" | "padding" | "kv-full" | "small-batch" | "useful" | "memory-bandwidth" | "low-occupancy" | "unexplained";
                    share: number;
                    acceleratorHours: number;
                    usd: number | null;
                    energyWh: number | null;
                    /** @enum {string} */
                    confidence: "high" | "medium" | "low";
                    evidence: string[];
                }[];
                missing: string[];
            }[];
            accounts: {
                subject: string;
                /** @enum {string} */
                kind: "engine" | "job" | "pool";
                /** @enum {string} */
                business: "inference" | "training" | "shared";
                services: string[];
                accelerators: number | null;
                accelerator: string | null;
                usdPerAcceleratorHour: number | null;
                /** @enum {string} */
                basis: "measured" | "modelled" | "estimated" | "unknown";
                simulated: boolean;
                fromMs: number;
                toMs: number;
                acceleratorHours: number;
                usd: number | null;
                energyWh: number | null;
                leaves: {
                    /** @enum {string} */
                    group: "not-allocated" | "idle" | "held-down" | "useful" | "unexplained";
                    /** @enum {string} */
                    cause: "no-demand" | "quota" | "fragmentation" | "queue-policy" | "maintenance" | "failed" | "starting" | "loading" | "left-on" | "checkpoint" | "evaluation" | "data-stall" | "host-cpu" | "network" | "throttled" | "pipeline-bubble" | "communication" | "padding" | "kv-full" | "small-batch" | "useful" | "memory-bandwidth" | "low-occupancy" | "unexplained";
                    share: number;
                    acceleratorHours: number;
                    usd: number | null;
                    energyWh: number | null;
                    /** @enum {string} */
                    confidence: "high" | "medium" | "low";
                    evidence: string[];
                }[];
                metrics: {
                    smActiveShare: number | null;
                    tensorActiveShare: number | null;
                    dramActiveShare: number | null;
                    modelFlopsUtilization: number | null;
                    hardwareFlopsUtilization: number | null;
                    goodput: {
                        scheduling: number | null;
                        runtime: number | null;
                        program: number | null;
                        total: number | null;
                    } | null;
                    /** @description AU of MLPerf Storage: compute time over compute time and waits for data. */
                    acceleratorUtilization: number | null;
                    /** @enum {string|null} */
                    rooflinePosition: "compute-bound" | "memory-bound" | "neither" | null;
                };
                missing: string[];
            }[];
            findings: {
                rule: string;
                /** @enum {string} */
                cause: "no-demand" | "quota" | "fragmentation" | "queue-policy" | "maintenance" | "failed" | "starting" | "loading" | "left-on" | "checkpoint" | "evaluation" | "data-stall" | "host-cpu" | "network" | "throttled" | "pipeline-bubble" | "communication" | "padding" | "kv-full" | "small-batch" | "useful" | "memory-bandwidth" | "low-occupancy" | "unexplained";
                subject: string;
                /** @enum {string} */
                business: "inference" | "training" | "shared";
                /** @description Of the time paid for the subject. */
                share: number;
                acceleratorHours: number;
                usd: number | null;
                usdPerDay: number | null;
                explanation: string;
                fix: string;
                gain: {
                    /** @enum {string} */
                    by: "planner" | "amdahl" | "none";
                    share: number | null;
                    usdPerDay: number | null;
                    speedup: number | null;
                };
                /** @enum {string} */
                confidence: "high" | "medium" | "low";
                evidence: string[];
            }[];
            sentence: string;
            unknown: string[];
        };
        ClusterFacts: {
            name: string;
            noDemandHours: number;
            quotaHours: number;
            fragmentationHours: number;
            queuePolicyHours: number;
            maintenanceHours: number;
            failedHours: number;
            /** @default 0 */
            startingHours: number;
            /** @default 0 */
            loadingHours: number;
            leftOnHours: number;
            unexplainedHours: number;
            grantedHours: number | null;
            spanHours: number | null;
            usdPerCardHour: number | null;
            /** @enum {string} */
            confidence: "high" | "medium" | "low";
            evidence: {
                [key: string]: string;
            };
            named: string[];
            notes: string[];
        };
        LiveClusters: {
            window: {
                fromMs: number;
                toMs: number;
            };
            clusters: components["schemas"]["LiveCluster"][];
        };
        LiveCluster: {
            name: string;
            /** @enum {string} */
            kind: "kubernetes" | "slurm";
            intervalMs: number;
            usdPerCardHour: number | null;
            /** @description Whether the last look succeeded. */
            up: boolean;
            /** @description Age of everything below: when it was read. */
            lastReadMs: number | null;
            lastError: {
                code: string;
                message: string;
                atMs: number;
            } | null;
            /** @description Null until it was read once. */
            check: {
                source: string;
                takenAtMs: number;
                nodes: number;
                /** @description Whole cards; slices and shared cards as their part of one. */
                gpus: number;
                /** @description Whole cards; slices and shared cards as their part of one. */
                allocatedGpus: number;
                waiting: number;
                findings: {
                    /** @enum {string} */
                    rule: "idle-notebook" | "unused-slices" | "oversized-request" | "blocking-quota";
                    subject: string;
                    gpus: number | null;
                    usdPerHour: number | null;
                    evidence: string;
                    fix: string;
                    /** @enum {string} */
                    confidence: "high" | "low";
                }[];
                unknown: string[];
            } | null;
            /** @description Who holds which cards and does what, and why the others are free. */
            parts: {
                subject: string;
                node: string;
                /** @enum {string} */
                state: "working" | "no-demand" | "quota" | "fragmentation" | "queue-policy" | "maintenance" | "failed" | "starting" | "loading" | "left-on" | "unexplained";
                /** @description Whole cards; slices and shared cards as their part of one. */
                cards: number;
                why: string;
                /** @enum {string} */
                confidence: "high" | "medium" | "low";
            }[];
            waiters: {
                subject: string;
                queue: string | null;
                /** @description Whole cards; slices and shared cards as their part of one. */
                cards: number;
                sinceMs: number | null;
                why: string | null;
            }[];
            steps: {
                fromMs: number;
                toMs: number;
                /** @description Time of the step in which the state is known; the rest is not. */
                knownMs: number;
                cards: {
                    working?: number;
                    "no-demand"?: number;
                    quota?: number;
                    fragmentation?: number;
                    "queue-policy"?: number;
                    maintenance?: number;
                    failed?: number;
                    starting?: number;
                    loading?: number;
                    "left-on"?: number;
                    unexplained?: number;
                };
            }[];
        };
        Series: {
            service: string | null;
            /** @enum {string} */
            metric: "ttft" | "tpot" | "e2e";
            stepMs: number;
            steps: components["schemas"]["SeriesStep"][];
        };
        SeriesStep: {
            fromMs: number;
            toMs: number;
            requests: number;
            failed: number;
            ttft: {
                count: number;
                p50Ms: number | null;
                p95Ms: number | null;
                p99Ms: number | null;
            };
            tpot: {
                count: number;
                p50Ms: number | null;
                p95Ms: number | null;
                p99Ms: number | null;
            };
            e2e: {
                count: number;
                p50Ms: number | null;
                p95Ms: number | null;
                p99Ms: number | null;
            };
            heat: [
                number,
                number
            ][];
            usageUsd: number | null;
            usageUnknownRequests: number;
        };
        RequestPage: {
            total: number;
            limit: number;
            offset: number;
            records: components["schemas"]["RequestRecord"][];
        };
        RequestRecord: {
            /** @enum {number} */
            v: 1;
            /** Format: uuid */
            id: string;
            startedAtMs: number;
            endedAtMs: number;
            service: string | null;
            route: string | null;
            engine: string | null;
            modelAsked: string | null;
            modelServed: string | null;
            keyId: string | null;
            tenant: string | null;
            feature: string | null;
            promptVersion: string | null;
            /** @enum {string} */
            dialectIn: "openai-chat" | "openai-completions" | "openai-embeddings" | "anthropic-messages";
            /** @enum {string|null} */
            dialectOut: "openai" | "anthropic" | null;
            stream: boolean;
            /** @enum {string} */
            outcome: "success" | "rejected" | "upstream_error" | "engine_crash" | "timeout" | "client_abort" | "shutdown";
            status: number;
            errorCode: string | null;
            attempts: {
                engine: string;
                status: number | null;
                durationMs: number;
                errorCode: string | null;
            }[];
            latency: {
                e2eMs: number;
                queueMs: number;
                gatewayMs: number;
                retryMs: number;
                ttftMs: number | null;
                tpotMeanMs: number | null;
                tpotMaxMs: number | null;
                engineQueueMs: number | null;
                prefillMs: number | null;
                decodeMs: number | null;
            };
            tokens: {
                in: number | null;
                cachedIn: number | null;
                cacheWrite: number | null;
                out: number | null;
                reasoning: number | null;
            };
            /** @enum {string} */
            usageSource: "engine" | "estimated" | "unknown";
            cost: {
                /** @enum {string} */
                kind: "api" | "rented" | "owned" | "unknown";
                usageUsd: number | null;
                acceleratorSeconds: number | null;
                /** @enum {string} */
                basis: "measured" | "modelled" | "estimated" | "unknown";
            };
            energy: {
                energyWh: number | null;
                /** @enum {string} */
                basis: "measured" | "modelled" | "estimated" | "unknown";
            };
            /** @enum {string} */
            cache: "off" | "miss" | "hit";
            simulated: boolean;
            content: {
                prompt: string | null;
                output: string | null;
                truncated: boolean;
            } | null;
        };
        ServiceList: {
            services: components["schemas"]["Service"][];
        };
        Service: {
            name: string;
            owner: string;
            feature: string | null;
            models: string[];
            slo: {
                ttftMs?: {
                    p95?: number;
                    p99?: number;
                };
                tpotMs?: {
                    p95?: number;
                    p99?: number;
                };
                e2eMs?: {
                    p95?: number;
                    p99?: number;
                };
                /** @description Share of requests that must succeed, e.g. 0.999. */
                availability?: number;
                /** @description What nine of ten requests may wait inside Tailrace, milliseconds. */
                queueMs?: number;
            };
            route: string;
            engines: {
                engine: string;
                /** @enum {string} */
                dialect: "openai" | "anthropic";
                model: string | null;
                weight: number;
                fallback: boolean;
                simulated: boolean;
                /** @enum {string|null} */
                costBasis: "api" | "rented" | "owned" | null;
                accelerator: string | null;
                acceleratorCount: number | null;
            }[];
            /** @enum {string} */
            simulated: "none" | "some" | "all";
        };
        EngineList: {
            fromMs: number;
            toMs: number;
            engines: components["schemas"]["EngineUse"][];
        };
        EngineUse: {
            engine: string;
            window: {
                fromMs: number;
                toMs: number;
            };
            sampledMs: number;
            upMs: number;
            acceleratorSeconds: number | null;
            busyShare: number | null;
            runningMean: number | null;
            waitingMean: number | null;
            batchLimit: number | null;
            kvUsageShare: number | null;
            preemptions: number | null;
            energyWh: number | null;
            simulated: boolean;
        };
        Health: {
            /** @enum {string} */
            status: "ok" | "degraded";
            problems: string[];
            version: string;
            nowMs: number;
            startedAtMs: number;
            ledger: {
                recordsTotal: number;
                bufferRows: number;
                segments: number;
                segmentBytes: number;
                journalLagBytes: number;
                newestRecordMs: number | null;
                lostRecords: number;
                corruptFrames: number;
                duplicateRecords: number;
                diskFull: boolean;
                lastError: string | null;
            } | null;
            workers: {
                worker: string;
                pid: number | null;
                up: boolean;
                startedAtMs: number | null;
                restarts: number;
                inFlight: number | null;
                queueDepth: number | null;
                journalLost: number | null;
                journalPendingBytes: number | null;
                rssBytes: number | null;
                cpuSeconds: number | null;
            }[];
        };
        KeyList: {
            keys: components["schemas"]["Key"][];
        };
        Key: {
            id: string;
            name: string;
            services: string[];
            tenant: string | null;
            admin: boolean;
            ingest: boolean;
            /** @enum {string} */
            source: "config" | "store";
            createdAtMs: number | null;
            revokedAtMs: number | null;
        };
        KeyCreated: {
            id: string;
            name: string;
            services: string[];
            tenant: string | null;
            admin: boolean;
            ingest: boolean;
            /** @enum {string} */
            source: "config" | "store";
            createdAtMs: number | null;
            revokedAtMs: number | null;
            key: string;
        };
        KeyCreate: {
            name: string;
            /** @default [] */
            services: string[];
            tenant?: string;
            /** @default false */
            admin: boolean;
        };
        PlanJobList: {
            plans: components["schemas"]["PlanJob"][];
        };
        PlanJob: {
            id: string;
            /** @enum {string} */
            kind: "serve" | "search" | "double" | "facility" | "train";
            /** @enum {string} */
            state: "running" | "done" | "failed" | "cancelled";
            startedAtMs: number;
            endedAtMs: number | null;
            progress: {
                done: number;
                total: number;
            };
            remainingMs: number | null;
            error: {
                code: string;
                message: string;
                field: string | null;
            } | null;
        };
        PlanCreate: {
            /** @enum {string} */
            kind: "serve" | "search" | "double" | "facility" | "train";
            plan: {
                [key: string]: unknown;
            };
            rates?: number[];
        };
        PlanJobResult: {
            job: components["schemas"]["PlanJob"];
            result: components["schemas"]["ServePlan"] | components["schemas"]["PlanSearchReport"] | components["schemas"]["PlanDoubling"] | components["schemas"]["FacilityPlan"] | components["schemas"]["TrainingReport"] | null;
        };
        ServePlan: {
            ratePerS: number;
            evaluation: components["schemas"]["PlanEvaluation"];
            modelErrorShare: number;
            latency: {
                ttftMs: {
                    p50: {
                        value: number | null;
                        lowest: number | null;
                        highest: number | null;
                    };
                    p95: {
                        value: number | null;
                        lowest: number | null;
                        highest: number | null;
                    };
                    p99: {
                        value: number | null;
                        lowest: number | null;
                        highest: number | null;
                    };
                };
                tpotMs: {
                    p50: {
                        value: number | null;
                        lowest: number | null;
                        highest: number | null;
                    };
                    p95: {
                        value: number | null;
                        lowest: number | null;
                        highest: number | null;
                    };
                    p99: {
                        value: number | null;
                        lowest: number | null;
                        highest: number | null;
                    };
                };
                e2eMs: {
                    p50: {
                        value: number | null;
                        lowest: number | null;
                        highest: number | null;
                    };
                    p95: {
                        value: number | null;
                        lowest: number | null;
                        highest: number | null;
                    };
                    p99: {
                        value: number | null;
                        lowest: number | null;
                        highest: number | null;
                    };
                };
            };
            units: components["schemas"]["PlanUnitCosts"];
            saturationPerS: number | null;
            fitted: {
                ttft: {
                    ms: number;
                    lowMs: number;
                    highMs: number;
                };
                tpot: {
                    ms: number;
                    lowMs: number;
                    highMs: number;
                };
                /** @enum {string} */
                provenance: "fitted";
                /** @enum {string} */
                novelty: "known" | "new-accelerator" | "new-model";
                concurrency: number;
            } | null;
            kvTokens: number;
            prefix: {
                hitShare: number;
                reusableShare: number;
                without: {
                    ttftMs: {
                        count: number;
                        mean: {
                            value: number | null;
                            lowest: number | null;
                            highest: number | null;
                        };
                        p50: {
                            value: number | null;
                            lowest: number | null;
                            highest: number | null;
                        };
                        p90: {
                            value: number | null;
                            lowest: number | null;
                            highest: number | null;
                        };
                        p95: {
                            value: number | null;
                            lowest: number | null;
                            highest: number | null;
                        };
                        p99: {
                            value: number | null;
                            lowest: number | null;
                            highest: number | null;
                        };
                    };
                    saturationPerS: number | null;
                };
            } | null;
            paying: {
                capacityPerS: number;
                forms: {
                    name: string;
                    cost: {
                        fixedUsdPerHour: number;
                        useUsdPerHour: number;
                    };
                }[];
                breakEvens: {
                    use: number;
                    below: string;
                    above: string;
                }[];
                cheapest: {
                    fromUse: number;
                    name: string;
                }[];
            } | null;
            factors: components["schemas"]["PlanSiteFactors"];
            notes: string[];
        };
        PlanEvaluation: {
            candidate: {
                accelerator: string;
                /** @enum {string} */
                quantization: "bf16" | "fp8" | "int8" | "int4" | "fp4";
                tensorParallel: number;
                maxSequences: number;
                maxBatchedTokens: number;
                gpuMemoryShare: number;
                /** @enum {string} */
                routing: "least-outstanding" | "weighted" | "prefix-affine" | "power-of-two";
                replicas: number;
            };
            requests: number;
            accelerators: number;
            usdPerHour: number;
            priceSource: string;
            ttftMs: {
                count: number;
                mean: {
                    value: number | null;
                    lowest: number | null;
                    highest: number | null;
                };
                p50: {
                    value: number | null;
                    lowest: number | null;
                    highest: number | null;
                };
                p90: {
                    value: number | null;
                    lowest: number | null;
                    highest: number | null;
                };
                p95: {
                    value: number | null;
                    lowest: number | null;
                    highest: number | null;
                };
                p99: {
                    value: number | null;
                    lowest: number | null;
                    highest: number | null;
                };
            };
            tpotMs: {
                count: number;
                mean: {
                    value: number | null;
                    lowest: number | null;
                    highest: number | null;
                };
                p50: {
                    value: number | null;
                    lowest: number | null;
                    highest: number | null;
                };
                p90: {
                    value: number | null;
                    lowest: number | null;
                    highest: number | null;
                };
                p95: {
                    value: number | null;
                    lowest: number | null;
                    highest: number | null;
                };
                p99: {
                    value: number | null;
                    lowest: number | null;
                    highest: number | null;
                };
            };
            e2eMs: {
                count: number;
                mean: {
                    value: number | null;
                    lowest: number | null;
                    highest: number | null;
                };
                p50: {
                    value: number | null;
                    lowest: number | null;
                    highest: number | null;
                };
                p90: {
                    value: number | null;
                    lowest: number | null;
                    highest: number | null;
                };
                p95: {
                    value: number | null;
                    lowest: number | null;
                    highest: number | null;
                };
                p99: {
                    value: number | null;
                    lowest: number | null;
                    highest: number | null;
                };
            };
            utilization: {
                compute: number;
                memory: number;
                network: number;
                host: number;
                blocked: number;
                idle: number;
            };
            meanRunning: number;
            kvShareMean: number;
            preemptions: number;
            prefixHitShare: number;
            replicaKw: number | null;
            fleetKw: number | null;
            meanFacilityKw: number | null;
            whPerRequest: number | null;
            carbonKgPerHour: number | null;
            provenance: ("measured-table" | "fitted" | "roofline")[];
            stepFactors: {
                low: number;
                high: number;
            };
            violations: {
                field: string;
                value: number | null;
                limit: number;
                over: number | null;
            }[];
            tightest: {
                field: string;
                value: number | null;
                limit: number;
                over: number | null;
            } | null;
        };
        PlanUnitCosts: {
            perRequestUsd: number;
            per1000RequestsUsd: number;
            perMillionInputUsd: number | null;
            perMillionCachedUsd: number | null;
            perMillionOutputUsd: number | null;
        } | null;
        PlanSiteFactors: {
            pue: number;
            wueLPerKwh: number;
            ewifLPerKwh: number | null;
            gPerKwh: number | null;
            sources: string[];
            missing: string[];
        };
        PlanSearchReport: {
            best: components["schemas"]["PlanEvaluation"] & (Record<string, never> | null);
            runnerUps: components["schemas"]["PlanEvaluation"][];
            front: components["schemas"]["PlanEvaluation"][];
            binds: {
                field: string;
                value: number | null;
                limit: number;
                over: number | null;
            } | null;
            cheaperFails: components["schemas"]["PlanEvaluation"] & (Record<string, never> | null);
            nextChange: {
                evaluation: components["schemas"]["PlanEvaluation"];
                constraint: {
                    field: string;
                    value: number | null;
                    limit: number;
                    over: number | null;
                };
                savesUsdPerHour: number;
            } | null;
            closest: components["schemas"]["PlanEvaluation"] & (Record<string, never> | null);
            counts: {
                candidates: number;
                discarded: {
                    memory: number;
                    load: number;
                    latency: number;
                    power: number;
                    price: number;
                };
                simulated: number;
                simulatedRequests: number;
                bounded: number;
            };
            firstProblem: string | null;
        };
        PlanDoubling: {
            points: {
                ratePerS: number;
                best: components["schemas"]["PlanEvaluation"] & (Record<string, never> | null);
                usdPerHour: number | null;
                averageUsdPer1000: number | null;
                average: components["schemas"]["PlanUnitCosts"];
                bindsField: string | null;
            }[];
            doublings: {
                fromPerS: number;
                toPerS: number;
                extraUsdPerHour: number | null;
                extraAccelerators: number | null;
                marginalUsdPer1000: number | null;
                marginal: components["schemas"]["PlanUnitCosts"];
            }[];
        };
        FacilityPlan: {
            check: {
                fits: boolean;
                itKw: number;
                nodes: number;
                readings: {
                    path: string;
                    id: string;
                    /** @enum {string} */
                    kind: "utility" | "transformer" | "switchgear" | "generator" | "ups" | "feed" | "row" | "pdu" | "rack" | "air-cooling" | "liquid-cooling";
                    /** @enum {string} */
                    limit: "power" | "cooling";
                    loadKw: number;
                    capacityKw: number;
                    headroomKw: number;
                    fits: boolean;
                    source: string;
                }[];
                binding: {
                    path: string;
                    id: string;
                    /** @enum {string} */
                    kind: "utility" | "transformer" | "switchgear" | "generator" | "ups" | "feed" | "row" | "pdu" | "rack" | "air-cooling" | "liquid-cooling";
                    /** @enum {string} */
                    limit: "power" | "cooling";
                    loadKw: number;
                    capacityKw: number;
                    headroomKw: number;
                    fits: boolean;
                    source: string;
                } | null;
                uncheckedCooling: string[];
            };
            runOuts: {
                path: string;
                /** @enum {string} */
                kind: "utility" | "transformer" | "switchgear" | "generator" | "ups" | "feed" | "row" | "pdu" | "rack" | "air-cooling" | "liquid-cooling";
                /** @enum {string} */
                limit: "power" | "cooling";
                date: string | null;
                loadKw: number;
                capacityKw: number;
            }[];
            orders: {
                /** @enum {string} */
                what: "grid-connection" | "transformer" | "switchgear" | "generator" | "power-distribution" | "liquid-cooling" | "shell" | "accelerators";
                path: string;
                neededBy: string;
                lowWeeks: number;
                highWeeks: number;
                orderBy: string;
                orderByAtBest: string;
                lateWeeks: number;
                source: string;
            }[];
            factors: components["schemas"]["PlanSiteFactors"];
            yearly: {
                itKwh: number;
                facilityKwh: number;
                siteWaterL: number;
                sourceWaterL: number | null;
                waterL: number | null;
                carbonKg: number | null;
            };
            costUsdPerYear: number | null;
        };
        TrainingReport: {
            model: string;
            accelerator: string;
            accelerators: number;
            tokens: number;
            dataParallel: number;
            microBatches: number;
            memory: {
                stateBytes: number;
                activationBytes: number;
                totalBytes: number;
                usableBytes: number;
                fits: boolean;
            };
            run: {
                step: {
                    stepS: number;
                    computeS: number;
                    recomputeS: number;
                    bubbleS: number;
                    tensorExchangeS: number;
                    pipelineExchangeS: number;
                    dataExchangeS: number;
                    expertExchangeS: number;
                    stragglerS: number;
                    overheadS: number;
                    dataInputS: number;
                    modelFlops: number;
                    mfu: number;
                    /** @enum {string} */
                    provenance: "measured" | "roofline";
                };
                steps: number;
                checkpoint: {
                    bytes: number;
                    writeS: number;
                    timing: {
                        [key: string]: number;
                    };
                    intervalS: number | null;
                    youngS: number | null;
                    dalyS: number | null;
                    simulatedS: number | null;
                } | null;
                wallHours: {
                    mean: number;
                    low: number;
                    high: number;
                };
                failures: {
                    mean: number;
                    low: number;
                    high: number;
                };
                effectiveTimeShare: number;
                shares: {
                    compute?: number;
                    recompute?: number;
                    pipelineBubble?: number;
                    communication?: number;
                    dataInput?: number;
                    stragglers?: number;
                    stepOverhead?: number;
                    checkpoint?: number;
                    lostWork?: number;
                    failureDetection?: number;
                    restart?: number;
                };
                usdPerAcceleratorHour: number | null;
                /** @enum {string} */
                usdBasis: "plan" | "catalog median" | "unknown";
                costUsd: {
                    mean: number;
                    low: number;
                    high: number;
                } | null;
                costUsdPerTrillionTokens: number | null;
                energyKwh: number | null;
                energyKwhPerTrillionTokens: number | null;
            };
            fixes: {
                /** @enum {string} */
                cause: "compute" | "recompute" | "pipelineBubble" | "communication" | "dataInput" | "stragglers" | "stepOverhead" | "checkpoint" | "lostWork" | "failureDetection" | "restart";
                change: string;
                savedHours: number;
                savedShare: number;
                savedUsd: number | null;
                wallHours: number;
            }[];
            notes: string[];
        };
        ServicePlan: {
            plan: {
                [key: string]: unknown;
            } | null;
            measured: {
                ratePerS: number;
                inputTokens: number;
                outputTokens: number;
            } | null;
            missing: string[];
        };
        Resources: {
            window: {
                fromMs: number;
                toMs: number;
            };
            stepMs: number;
            series: {
                subject: components["schemas"]["ResourceSubject"];
                metric: string;
                unit: string;
                source: string;
                /** @description Sources that measured the same; left out. */
                others: string[];
                /** @enum {string} */
                basis: "measured" | "modelled" | "estimated" | "unknown";
                /** @description Share of the window that is known; the rest is unknown. */
                knownShare: number;
                points: {
                    fromMs: number;
                    toMs: number;
                    /** @description Time of the step in which the metric is known. */
                    knownMs: number;
                    mean: number;
                    min: number;
                    max: number;
                }[];
            }[];
            holders: {
                subject: components["schemas"]["ResourceSubject"];
                holder: string;
                fromMs: number;
                toMs: number;
            }[];
            /** @description Read within a day before the window, and not in it. */
            silent: {
                subject: components["schemas"]["ResourceSubject"];
                lastMs: number;
            }[];
        };
        ResourceSubject: {
            /** @enum {string} */
            kind: "accelerator" | "host" | "engine";
            id: string;
            node: string | null;
            index: string | null;
            model: string | null;
        };
        Sources: {
            sources: components["schemas"]["SourceHealth"][];
            seriesMapped: number;
            /** @description Pieces that came after their minute was closed. */
            lateSamples: number;
            /** @description Minutes given up because the disk refused for too long. */
            lostMinutes: number;
        };
        SourceHealth: {
            source: string;
            target: string;
            up: boolean;
            lastReadMs: number | null;
            lastError: {
                code: string;
                message: string;
                atMs: number;
            } | null;
            reads: number;
            failures: number;
            /** @description Readings by what became of them, since the start. */
            counts: {
                [key: string]: number;
            };
            /** @description Newest timestamp of the last read minus now. */
            clockAheadMs: number | null;
        };
        ExternalRequests: {
            window: {
                fromMs: number;
                toMs: number;
            };
            total: number;
            requests: components["schemas"]["ExternalRequest"][];
        };
        ExternalRequest: {
            /** @enum {number} */
            v: 1;
            id: string;
            source: string;
            service: string | null;
            startedAtMs: number;
            endedAtMs: number | null;
            operation: string | null;
            provider: string | null;
            modelAsked: string | null;
            modelServed: string | null;
            tokens: {
                in: number | null;
                cachedIn: number | null;
                cacheWrite: number | null;
                out: number | null;
                reasoning: number | null;
            };
            ttftMs: number | null;
            finishReasons: string[];
            isError: boolean;
            errorType: string | null;
            conversationId: string | null;
            promptName: string | null;
            promptVersion: string | null;
            /** @enum {string} */
            conventions: "legacy" | "current" | "mixed";
            attributes: {
                [key: string]: unknown;
            };
        };
        ProbeResults: {
            runs: components["schemas"]["ProbeRun"][];
            total: number;
            /** @description Lines of the file that cannot be read. */
            skipped: number;
        };
        ProbeRun: {
            /** @enum {string} */
            kind: "storage" | "checkpoint" | "network" | "memory" | "host";
            atMs: number;
            machine: {
                hostname: string;
                platform: string;
                kernel: string;
                cpu: string;
                cores: number;
                memoryBytes: number;
            };
            settings: {
                [key: string]: string | number | boolean | null;
            };
            report: {
                [key: string]: unknown;
            };
            metrics: {
                metric: string;
                unit: string;
                /** @enum {string} */
                better: "higher" | "lower";
                count: number;
                p50: number | null;
                p99: number | null;
            }[];
            /** @description The last run with the same machine and settings; null: there is none. */
            previousAtMs: number | null;
            comparisons: {
                metric: string;
                unit: string;
                beforeMedian: number;
                nowMedian: number;
                /** @description Change of the median: 0.1 is 10 % larger. */
                changeShare: number;
                confidence: number | null;
                /** @enum {string} */
                verdict: "regression" | "improvement" | "same" | "unknown";
            }[];
        };
        JobSteps: {
            /** @description Jobs of the configuration. */
            jobs: string[];
            job: string | null;
            ranks: number[];
            steps: number[];
            /** @description By rank, then step: a rank's own phases, without `comm`. */
            workMs: (number | null)[][];
            /** @description The same of `comm`, which holds the wait for the slowest. */
            commMs: (number | null)[][];
            /** @description By step, over the ranks. */
            medianWorkMs: (number | null)[];
            /** @description Mean of own work over the median of the step, less 1; largest first. */
            slowest: {
                rank: number;
                excessShare: number;
            }[];
            /** @description What could not be read, or was left out. */
            notes: string[];
        };
        TraceList: {
            traces: components["schemas"]["Trace"][];
        };
        Trace: {
            id: string;
            name: string;
            /** @enum {string} */
            state: "reading" | "ready" | "failed";
            addedAtMs: number;
            uploadBytes: number;
            /** @description Kept on disk; null until it is read. */
            storedBytes: number | null;
            rank: number | null;
            worldSize: number | null;
            /** @description In the file, also those not shown. */
            eventCount: number | null;
            spanUs: number | null;
            error: {
                code: string;
                message: string;
            } | null;
        };
        TraceDetail: {
            trace: components["schemas"]["Trace"];
            /** @description A category’s number is its place here. */
            categories: ("compute" | "communication" | "copies" | "dataLoading" | "runtimeCalls" | "hostOperators" | "annotations" | "steps" | "deviceAnnotations" | "sync" | "other")[];
            /** @description Null until it is read. */
            timeline: {
                /** @description Start of the first event on the profiler’s clock; times count from it. */
                originUs: number;
                /** @description What that clock counts from; 0 where the trace does not say. */
                baseUs: number;
                spanUs: number;
                shownEvents: number;
                /** @description By name id; labels, cut short. */
                names: string[];
                tracks: {
                    /** @enum {string} */
                    kind: "host" | "device" | "annotations";
                    /** @description `process/thread`, or device and stream as the file has them. */
                    thread: string;
                    device: number | null;
                    stream: number | null;
                    events: number;
                    /** @description Events nested deeper than is drawn. */
                    hidden: number;
                }[];
                lanes: {
                    track: number;
                    depth: number;
                }[];
                steps: {
                    name: string;
                    startUs: number;
                    durationUs: number;
                }[];
            } | null;
            /** @description As `tailrace analyze --json` prints it, with its `views`. */
            analysis: {
                [key: string]: unknown;
            } | null;
        };
        TraceRange: {
            fromUs: number;
            toUs: number;
            spanUs: number;
            computeUs: number;
            communicationUs: number;
            /** @description Not covered by computation. */
            exposedCommunicationUs: number;
            copiesUs: number;
            /** @description Covered neither by computation nor by communication. */
            exposedCopiesUs: number;
            idleUs: number;
            idleCauses: {
                dataLoadingUs: number;
                runtimeCallsUs: number;
                hostOperatorsUs: number;
                unexplainedUs: number;
            };
            top: {
                name: string;
                category: number;
                busyUs: number;
                events: number;
            }[];
            /** @description Busy time by track. */
            tracksUs: number[];
        };
        TraceFound: {
            total: number;
            totalUs: number;
            events: {
                row: number;
                name: string;
                category: number;
                track: number;
                depth: number;
                startUs: number;
                durationUs: number;
            }[];
        };
        TraceEvent: {
            row: number;
            name: string;
            category: number;
            track: number;
            depth: number;
            startUs: number;
            durationUs: number;
            correlation: number | null;
            /** @description The launch of work, or the work of a launch. */
            linked: {
                row: number;
                name: string;
                category: number;
                track: number;
                depth: number;
                startUs: number;
                durationUs: number;
            }[];
        };
        VendorList: {
            atMs: number;
            vendors: components["schemas"]["VendorSummary"][];
        };
        VendorSummary: {
            id: string;
            name: string;
            /** @enum {string} */
            kind: "vendor" | "team";
            critical: boolean;
            score: number;
            layers: {
                /** @enum {string} */
                layer: "facilities" | "compute" | "networking" | "storage" | "orchestration" | "data" | "serving" | "observability" | "security";
                score: number;
            }[];
            grades: number[];
            answered: number;
            gaps: string[];
            contradictions: {
                question: string;
                note: string;
            }[];
            probedAtMs: number | null;
            simulated: boolean;
        };
        Vendor: {
            id: string;
            name: string;
            /** @enum {string} */
            kind: "vendor" | "team";
            critical: boolean;
            atMs: number;
        };
        VendorPut: {
            id: string;
            name: string;
            /**
             * @default vendor
             * @enum {string}
             */
            kind: "vendor" | "team";
            /** @default false */
            critical: boolean;
        };
        VendorQuestionList: {
            questions: {
                id: string;
                /** @enum {string} */
                layer: "facilities" | "compute" | "networking" | "storage" | "orchestration" | "data" | "serving" | "observability" | "security";
                topic: string;
                condition: string;
                ask: string;
                askTeam: string;
                why: string;
                good: string;
                /** @enum {string} */
                kind: "text" | "number" | "yes-no";
                unit: string | null;
                weight: number;
                isProbed: boolean;
            }[];
        };
        VendorComparison: {
            atMs: number;
            weights: {
                [key: string]: number;
            };
            vendors: components["schemas"]["VendorSummary"][];
            rows: {
                question: string;
                /** @enum {string} */
                layer: "facilities" | "compute" | "networking" | "storage" | "orchestration" | "data" | "serving" | "observability" | "security";
                topic: string;
                condition: string;
                ask: string;
                weight: number;
                cells: components["schemas"]["VendorCell"][];
            }[];
        };
        VendorCell: {
            vendor: string;
            grade: 0 | 1 | 2 | 3;
            /** @enum {string} */
            reason: "none" | "contradicted" | "claim" | "document-expired" | "document" | "probe" | "test";
            note: string;
            simulated: boolean;
            answer: {
                question: string;
                value: number | "yes" | "no" | null;
                text: string;
                document: {
                    title: string;
                    /** Format: uri */
                    link: string | null;
                    sha256: string | null;
                    date: string;
                    validUntil: string | null;
                } | null;
                answeredBy: string;
                /** @enum {string} */
                via: "import" | "link" | "api" | "cli";
                atMs: number;
            } | null;
            ageDays: number | null;
            isUnwanted: boolean;
        };
        VendorFile: {
            vendor: components["schemas"]["Vendor"];
            answers: components["schemas"]["VendorAnswer"][];
            reviews: components["schemas"]["VendorReview"][];
            probes: components["schemas"]["VendorProbeReport"][];
            quotes: components["schemas"]["VendorDatedQuote"][];
            documents: components["schemas"]["VendorDocument"][];
            links: components["schemas"]["VendorLink"][];
        };
        VendorAnswer: {
            question: string;
            value: number | "yes" | "no" | null;
            text: string;
            document: {
                title: string;
                /** Format: uri */
                link: string | null;
                sha256: string | null;
                date: string;
                validUntil: string | null;
            } | null;
            answeredBy: string;
            /** @enum {string} */
            via: "import" | "link" | "api" | "cli";
            atMs: number;
        };
        VendorReview: {
            question: string;
            /** @enum {string} */
            verdict: "confirmed" | "contradicted" | "cleared";
            note: string;
            by: string;
            atMs: number;
        };
        VendorProbeReport: {
            atMs: number;
            endpoint: string;
            model: string;
            durationMs: number;
            requests: number;
            inputTokens: number;
            outputTokens: number;
            costUsd: number | null;
            simulated: boolean;
            stopped: string | null;
            checks: {
                /** @enum {string} */
                id: "tls" | "auth" | "errors" | "streaming" | "usage" | "pinning" | "rate-limits" | "latency" | "availability";
                /** @enum {string} */
                verdict: "pass" | "fail" | "absent" | "unknown";
                summary: string;
                details: {
                    [key: string]: string | number | boolean | null;
                };
            }[];
            metrics: {
                ttftMsP50?: {
                    value: number | null;
                    low: number | null;
                    high: number | null;
                    samples: number;
                };
                ttftMsP95?: {
                    value: number | null;
                    low: number | null;
                    high: number | null;
                    samples: number;
                };
                ttftMsP99?: {
                    value: number | null;
                    low: number | null;
                    high: number | null;
                    samples: number;
                };
                tpotMsP50?: {
                    value: number | null;
                    low: number | null;
                    high: number | null;
                    samples: number;
                };
                tpotMsP95?: {
                    value: number | null;
                    low: number | null;
                    high: number | null;
                    samples: number;
                };
                e2eMsP95?: {
                    value: number | null;
                    low: number | null;
                    high: number | null;
                    samples: number;
                };
                goodPercent?: {
                    value: number | null;
                    low: number | null;
                    high: number | null;
                    samples: number;
                };
            };
        };
        VendorDatedQuote: {
            name: string;
            accelerator: string;
            accelerators: number;
            price: {
                /** @enum {string} */
                basis: "rent";
                usdPerAcceleratorHour: number;
            } | {
                /** @enum {string} */
                basis: "own";
                usdPerAccelerator: number;
                /** @default 5 */
                lifeYears: number;
                /** @default 0 */
                residualPercent: number;
                /** @default 7 */
                ratePercent: number;
                /** @default 0 */
                hostingUsdPerAcceleratorHour: number;
                /** @default 0 */
                staffUsdPerAcceleratorYear: number;
            };
            /**
             * @default ours
             * @enum {string}
             */
            site: "ours" | "vendor";
            /** @default null */
            totalKw: number | null;
            /** @default null */
            kwPerRack: number | null;
            /**
             * @default null
             * @enum {string|null}
             */
            cooling: "air" | "rear-door" | "direct-to-chip" | null;
            leadWeeks: {
                low: number;
                high: number;
            };
            /** @default 0 */
            commitmentMonths: number;
            /**
             * Format: date
             * @default null
             */
            validUntil: string | null;
            atMs: number;
        };
        VendorDocument: {
            sha256: string;
            name: string;
            mediaType: string;
            bytes: number;
            atMs: number;
        };
        VendorLink: {
            id: string;
            vendor: string;
            recipient: string;
            createdAtMs: number;
            expiresAtMs: number;
            revokedAtMs: number | null;
            usedAtMs: number | null;
        };
        VendorChanges: {
            fromMs: number;
            toMs: number;
            changes: {
                question: string;
                ask: string;
                /** @enum {string} */
                kind: "answer" | "grade";
                before: components["schemas"]["VendorCell"];
                after: components["schemas"]["VendorCell"];
            }[];
        };
        VendorAnswersAdded: {
            added: number;
        };
        VendorAnswersAdd: {
            answers: {
                question: string;
                value: number | "yes" | "no" | null;
                text: string;
                document: {
                    title: string;
                    /** Format: uri */
                    link: string | null;
                    sha256: string | null;
                    date: string;
                    validUntil: string | null;
                } | null;
            }[];
        };
        VendorReviewAdd: {
            question: string;
            /** @enum {string} */
            verdict: "confirmed" | "contradicted" | "cleared";
            note: string;
        };
        VendorLinkCreated: {
            id: string;
            vendor: string;
            recipient: string;
            createdAtMs: number;
            expiresAtMs: number;
            revokedAtMs: number | null;
            usedAtMs: number | null;
            /** @description The link, as a path of this server; shown only now. */
            path: string;
        };
        VendorLinkCreate: {
            recipient: string;
            /** @default 14 */
            days: number;
        };
        VendorProbeState: {
            plan: components["schemas"]["VendorProbePlan"];
            job: components["schemas"]["VendorProbeJob"];
        };
        VendorProbePlan: {
            requests: number;
            inputTokens: number;
            outputTokens: number;
            maxUsd: number | null;
            seconds: number;
        } | null;
        VendorProbeJob: {
            vendor: string;
            /** @enum {string} */
            state: "running" | "done" | "failed" | "cancelled";
            startedAtMs: number;
            done: number;
            total: number;
            error: string | null;
        } | null;
        VendorProbeAsk: {
            /** @description Base of the OpenAI dialect, as https://api.example/v1. */
            endpoint: string;
            model: string;
            /** @description Sent to the endpoint; never kept. */
            key?: string;
            requests?: number;
            perSecond?: number;
            maxTokens?: number;
            usdPerMillionInput?: number;
            usdPerMillionOutput?: number;
            maxUsd?: number;
            /**
             * @description False: nothing is sent, and the reply says what would be.
             * @default false
             */
            confirm: boolean;
        };
        VendorQuoteComparison: {
            today: string;
            neededBy: string;
            ratePerS: number;
            tokensPerRequest: number;
            bridge: {
                usdPerHour: number;
                source: string;
            } | null;
            offers: {
                vendor: string;
                name: string;
                accelerator: string;
                accelerators: number;
                problem: string | null;
                neededAccelerators: number | null;
                usdPerHour: number;
                priceSource: string;
                usdPerMillionTokens: number | null;
                neededUsdPerMillionTokens: number | null;
                power: {
                    fits: boolean | null;
                    needsKw: number | null;
                    source: string;
                    limit: string | null;
                    limitKw: number | null;
                    loadKw: number | null;
                    overKw: number;
                    order: {
                        what: string;
                        lowWeeks: number;
                        highWeeks: number;
                        source: string;
                    } | null;
                };
                delivered: {
                    earliest: string;
                    latest: string;
                };
                powered: {
                    earliest: string;
                    latest: string;
                } | null;
                ready: {
                    earliest: string;
                    latest: string;
                } | null;
                laterWeeks: number | null;
                idleUsd: number | null;
                bridgeUsd: number | null;
                firstYearUsd: number | null;
                isExpired: boolean;
            }[];
            best: number | null;
            findings: string[];
        };
        VendorQuotesAsk: {
            /** @description As plan.yaml: workload, slo, limits, facility, money. */
            plan: {
                [key: string]: unknown;
            };
            /** @description Whose latest quotes; default: of all that gave one. */
            vendors?: string[];
            /**
             * Format: date
             * @description Default: today.
             */
            neededBy?: string;
        };
        VendorQuote: {
            name: string;
            accelerator: string;
            accelerators: number;
            price: {
                /** @enum {string} */
                basis: "rent";
                usdPerAcceleratorHour: number;
            } | {
                /** @enum {string} */
                basis: "own";
                usdPerAccelerator: number;
                /** @default 5 */
                lifeYears: number;
                /** @default 0 */
                residualPercent: number;
                /** @default 7 */
                ratePercent: number;
                /** @default 0 */
                hostingUsdPerAcceleratorHour: number;
                /** @default 0 */
                staffUsdPerAcceleratorYear: number;
            };
            /**
             * @default ours
             * @enum {string}
             */
            site: "ours" | "vendor";
            /** @default null */
            totalKw: number | null;
            /** @default null */
            kwPerRack: number | null;
            /**
             * @default null
             * @enum {string|null}
             */
            cooling: "air" | "rear-door" | "direct-to-chip" | null;
            leadWeeks: {
                low: number;
                high: number;
            };
            /** @default 0 */
            commitmentMonths: number;
            /**
             * Format: date
             * @default null
             */
            validUntil: string | null;
        };
        Score: {
            generatedAtMs: number;
            collectedAtMs: number | null;
            service: string | null;
            services: string[];
            /** @enum {number} */
            outOf: 16;
            claimed: number;
            proven: number;
            simulated: number;
            /** @enum {string} */
            reading: "scale" | "fund-with-conditions" | "spending-risk";
            readingText: string;
            spendUsd: number | null;
            spendSimulated: boolean;
            categories: {
                id: string;
                number: number;
                name: string;
                layers: string[];
                claimed: 0 | 1 | 2;
                proven: 0 | 1 | 2;
                simulated: 0 | 1 | 2;
                zero: string;
                spendUsd: number | null;
                spendShare: number | null;
                flagged: boolean;
                conditions: {
                    id: string;
                    title: string;
                    level: 1 | 2;
                    /** @enum {string} */
                    state: "met" | "unmet" | "not-collectable" | "not-applicable";
                    grade: 0 | 1 | 2 | 3 | 4;
                    simulatedGrade: 0 | 1 | 2 | 3 | 4;
                    neededGrade: number;
                    contradicted: boolean;
                    threshold: string;
                    shippedThreshold: string | null;
                    /** @enum {string} */
                    binding: "collector" | "attestation" | "not-yet";
                    /** @enum {string} */
                    scope: "organisation" | "service";
                    reason: string;
                    notApplicable: {
                        reason: string;
                        owner: string;
                        expiresAtMs: number;
                    } | null;
                    /** @enum {string} */
                    role: "platform" | "capacity" | "serving" | "data" | "security" | "facilities";
                    fix: string;
                    document: string | null;
                    evidence: {
                        id: string;
                        condition: string;
                        service: string | null;
                        /** @enum {string} */
                        source: "ledger" | "config" | "keys" | "telemetry" | "account" | "plan" | "logbook" | "probe" | "vendor" | "document" | "attestation" | "test-run" | "external";
                        statement: string;
                        query: string;
                        value: number | null;
                        unit: string | null;
                        threshold: string | null;
                        holds: boolean;
                        fromMs: number;
                        toMs: number;
                        coverage: number | null;
                        atMs: number;
                        expiresAtMs: number;
                        owner: string;
                        grade: 0 | 1 | 2 | 3 | 4;
                        simulated: boolean;
                        document: {
                            title: string;
                            /** Format: uri */
                            link: string | null;
                            sha256: string | null;
                        } | null;
                        checkedBy: string | null;
                        gradeNow: 0 | 1 | 2 | 3 | 4;
                        figure: string;
                        expired: boolean;
                    }[];
                }[];
            }[];
            late: {
                id: string;
                title: string;
                /** @enum {string} */
                state: "late" | "fine" | "unknown";
                reasons: string[];
                conditions: string[];
                fix: string;
            }[];
            redFlagTest: {
                service: string;
                simulated: boolean;
                questions: {
                    /** @enum {string} */
                    question: "latency" | "cost" | "utilization";
                    text: string;
                    answered: boolean;
                    answer: string;
                    flags: string[];
                }[];
            }[];
            trend: {
                atMs: number;
                claimed: number;
                proven: number;
                simulated: number;
            }[];
            moves: {
                atMs: number;
                category: string;
                from: 0 | 1 | 2;
                to: 0 | 1 | 2;
                because: string[];
            }[];
            failures: {
                condition: string;
                service: string | null;
                message: string;
            }[];
        };
        Interview: {
            questions: {
                condition: string;
                category: string;
                categoryName: string;
                question: string;
                document: string;
            }[];
        };
        InterviewAnswers: {
            person: string;
            answers: {
                condition: string;
                /** @enum {string} */
                answer: "yes" | "no" | "unknown";
                /** @default null */
                document: {
                    title: string;
                    /** Format: uri */
                    link: string | null;
                    sha256: string | null;
                } | null;
                /** @default null */
                owner: string | null;
                /** @default null */
                reviewAtMs: number | null;
            }[];
        };
        NotApplicable: {
            condition: string;
            /** @default null */
            service: string | null;
            reason: string;
            owner: string;
            expiresAtMs: number;
        };
        Roadmap: {
            generatedAtMs: number;
            service: string | null;
            /** @enum {string|null} */
            role: "platform" | "capacity" | "serving" | "data" | "security" | "facilities" | null;
            roles: {
                /** @enum {string} */
                role: "platform" | "capacity" | "serving" | "data" | "security" | "facilities";
                open: number;
                effortDays: number;
            }[];
            actions: {
                id: string;
                condition: string;
                category: string;
                categoryName: string;
                title: string;
                fix: string;
                /** @enum {string} */
                role: "platform" | "capacity" | "serving" | "data" | "security" | "facilities";
                owner: string;
                effortDays: number;
                exposedUsd: number | null;
                points: number;
                priority: number | null;
                proof: string;
                needs: string[];
                /** @enum {string} */
                state: "open" | "reopened" | "closing" | "closed";
                openedAtMs: number;
                sinceMs: number;
                closesAtMs: number | null;
                startDay: number;
                dueDay: number;
                dueAtMs: number;
                overdue: boolean;
                period: 30 | 60 | 90;
                blockedBy: string | null;
                reason: string;
                layers: string[];
            }[];
        };
        ActionOwner: {
            action: string;
            /** @default null */
            service: string | null;
            owner: string;
        };
        EvidenceList: {
            evidence: {
                id: string;
                condition: string;
                service: string | null;
                /** @enum {string} */
                source: "ledger" | "config" | "keys" | "telemetry" | "account" | "plan" | "logbook" | "probe" | "vendor" | "document" | "attestation" | "test-run" | "external";
                statement: string;
                query: string;
                value: number | null;
                unit: string | null;
                threshold: string | null;
                holds: boolean;
                fromMs: number;
                toMs: number;
                coverage: number | null;
                atMs: number;
                expiresAtMs: number;
                owner: string;
                grade: 0 | 1 | 2 | 3 | 4;
                simulated: boolean;
                document: {
                    title: string;
                    /** Format: uri */
                    link: string | null;
                    sha256: string | null;
                } | null;
                checkedBy: string | null;
                gradeNow: 0 | 1 | 2 | 3 | 4;
                figure: string;
                expired: boolean;
                withdrawnAtMs: number | null;
            }[];
        };
        Evidence: {
            id: string;
            condition: string;
            service: string | null;
            /** @enum {string} */
            source: "ledger" | "config" | "keys" | "telemetry" | "account" | "plan" | "logbook" | "probe" | "vendor" | "document" | "attestation" | "test-run" | "external";
            statement: string;
            query: string;
            value: number | null;
            unit: string | null;
            threshold: string | null;
            holds: boolean;
            fromMs: number;
            toMs: number;
            coverage: number | null;
            atMs: number;
            expiresAtMs: number;
            owner: string;
            grade: 0 | 1 | 2 | 3 | 4;
            simulated: boolean;
            document: {
                title: string;
                /** Format: uri */
                link: string | null;
                sha256: string | null;
            } | null;
            checkedBy: string | null;
            gradeNow: 0 | 1 | 2 | 3 | 4;
            figure: string;
            expired: boolean;
        };
        EvidenceCreate: {
            condition: string;
            /** @default null */
            service: string | null;
            /**
             * @default external
             * @enum {string}
             */
            kind: "document" | "attestation" | "test-run" | "external";
            statement: string;
            /** @default null */
            value: number | null;
            /** @default null */
            holds: boolean | null;
            owner: string;
            /** @default null */
            document: {
                title: string;
                /** Format: uri */
                link: string | null;
                sha256: string | null;
            } | null;
            /** @default null */
            reviewAtMs: number | null;
        };
        CollectReport: {
            collected: number;
            failures: {
                condition: string;
                service: string | null;
                message: string;
            }[];
        };
        KeptDocument: {
            sha256: string;
            name: string;
            mediaType: string;
            bytes: number;
            atMs: number;
        };
        LogbookEntries: {
            entries: ({
                /** @enum {number} */
                v: 1;
                atMs: number;
                /** @enum {string} */
                kind: "plan";
                /** @enum {string} */
                plan: "serve" | "search" | "double" | "facility" | "train";
                fits: boolean | null;
                traceRows: number | null;
            } | {
                /** @enum {number} */
                v: 1;
                atMs: number;
                /** @enum {string} */
                kind: "load";
                fromMs: number;
                toMs: number;
                sentPerS: number;
            } | {
                /** @enum {number} */
                v: 1;
                atMs: number;
                /** @enum {string} */
                kind: "drill";
                /** @enum {string} */
                drill: "engine-failure" | "slowdown";
                service: string;
                engine: string;
                fromMs: number;
                toMs: number;
                by: string;
            } | {
                /** @enum {number} */
                v: 1;
                atMs: number;
                /** @enum {string} */
                kind: "alert";
                service: string;
                /** @enum {string} */
                objective: "availability" | "latency" | "budget" | "test";
                burnRate: number;
                message: string;
                delivered: boolean | null;
                simulated: boolean;
            } | {
                /** @enum {number} */
                v: 1;
                atMs: number;
                /** @enum {string} */
                kind: "release";
                service: string;
                candidate: string | null;
                passed: boolean;
                reasons: string[];
                budgetLeftShare: number | null;
                p99: {
                    candidateMs: number;
                    othersMs: number;
                    worse: boolean;
                } | null;
                by: string;
                simulated: boolean;
            } | {
                /** @enum {number} */
                v: 1;
                atMs: number;
                /** @enum {string} */
                kind: "change";
                digest: string;
                parts: string[];
                services: string[];
            } | {
                /** @enum {number} */
                v: 1;
                atMs: number;
                /** @enum {string} */
                kind: "day";
                service: string;
                fromMs: number;
                toMs: number;
                requests: number;
                usd: number | null;
                queueP90Ms: number | null;
                queueSampled: number;
                simulated: boolean;
            } | {
                /** @enum {number} */
                v: 1;
                atMs: number;
                /** @enum {string} */
                kind: "forecast";
                service: string;
                fromMs: number;
                toMs: number;
                requests: number;
                usd: number | null;
                simulated: boolean;
            } | {
                /** @enum {number} */
                v: 1;
                atMs: number;
                /** @enum {string} */
                kind: "restore";
                fromMs: number;
                toMs: number;
                records: number;
                agrees: boolean;
                seconds: number;
                simulated: boolean;
            } | {
                /** @enum {number} */
                v: 1;
                atMs: number;
                /** @enum {string} */
                kind: "invoice";
                service: string;
                fromMs: number;
                toMs: number;
                usd: number;
                sha256: string;
                by: string;
            } | {
                /** @enum {number} */
                v: 1;
                atMs: number;
                /** @enum {string} */
                kind: "review";
                service: string;
                outageFromMs: number;
                cause: string;
                changed: string;
                by: string;
            })[];
        };
        LogbookEntry: {
            /** @enum {number} */
            v: 1;
            atMs: number;
            /** @enum {string} */
            kind: "plan";
            /** @enum {string} */
            plan: "serve" | "search" | "double" | "facility" | "train";
            fits: boolean | null;
            traceRows: number | null;
        } | {
            /** @enum {number} */
            v: 1;
            atMs: number;
            /** @enum {string} */
            kind: "load";
            fromMs: number;
            toMs: number;
            sentPerS: number;
        } | {
            /** @enum {number} */
            v: 1;
            atMs: number;
            /** @enum {string} */
            kind: "drill";
            /** @enum {string} */
            drill: "engine-failure" | "slowdown";
            service: string;
            engine: string;
            fromMs: number;
            toMs: number;
            by: string;
        } | {
            /** @enum {number} */
            v: 1;
            atMs: number;
            /** @enum {string} */
            kind: "alert";
            service: string;
            /** @enum {string} */
            objective: "availability" | "latency" | "budget" | "test";
            burnRate: number;
            message: string;
            delivered: boolean | null;
            simulated: boolean;
        } | {
            /** @enum {number} */
            v: 1;
            atMs: number;
            /** @enum {string} */
            kind: "release";
            service: string;
            candidate: string | null;
            passed: boolean;
            reasons: string[];
            budgetLeftShare: number | null;
            p99: {
                candidateMs: number;
                othersMs: number;
                worse: boolean;
            } | null;
            by: string;
            simulated: boolean;
        } | {
            /** @enum {number} */
            v: 1;
            atMs: number;
            /** @enum {string} */
            kind: "change";
            digest: string;
            parts: string[];
            services: string[];
        } | {
            /** @enum {number} */
            v: 1;
            atMs: number;
            /** @enum {string} */
            kind: "day";
            service: string;
            fromMs: number;
            toMs: number;
            requests: number;
            usd: number | null;
            queueP90Ms: number | null;
            queueSampled: number;
            simulated: boolean;
        } | {
            /** @enum {number} */
            v: 1;
            atMs: number;
            /** @enum {string} */
            kind: "forecast";
            service: string;
            fromMs: number;
            toMs: number;
            requests: number;
            usd: number | null;
            simulated: boolean;
        } | {
            /** @enum {number} */
            v: 1;
            atMs: number;
            /** @enum {string} */
            kind: "restore";
            fromMs: number;
            toMs: number;
            records: number;
            agrees: boolean;
            seconds: number;
            simulated: boolean;
        } | {
            /** @enum {number} */
            v: 1;
            atMs: number;
            /** @enum {string} */
            kind: "invoice";
            service: string;
            fromMs: number;
            toMs: number;
            usd: number;
            sha256: string;
            by: string;
        } | {
            /** @enum {number} */
            v: 1;
            atMs: number;
            /** @enum {string} */
            kind: "review";
            service: string;
            outageFromMs: number;
            cause: string;
            changed: string;
            by: string;
        };
        LogbookDeclaration: {
            /** @enum {string} */
            kind: "drill";
            /** @enum {string} */
            drill: "engine-failure" | "slowdown";
            service: string;
            engine: string;
            fromMs: number;
            toMs: number;
            by: string;
        } | {
            /** @enum {string} */
            kind: "invoice";
            service: string;
            fromMs: number;
            toMs: number;
            usd: number;
            sha256: string;
            by: string;
        } | {
            /** @enum {string} */
            kind: "review";
            service: string;
            outageFromMs: number;
            cause: string;
            changed: string;
            by: string;
        };
        ReleaseAsk: {
            service: string;
            /**
             * @description Engine under trial, or none.
             * @default null
             */
            candidate: string | null;
        };
        Incidents: {
            incidents: {
                service: string;
                fromMs: number;
                toMs: number;
                simulated: boolean;
                review: {
                    by: string;
                    cause: string;
                    changed: string;
                } | null;
            }[];
        };
        AlertTest: {
            service: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getAnswers: {
        parameters: {
            query?: {
                /** @description Window that ends now: 90s, 15m, 1h, 7d. Not together with fromMs and toMs. */
                since?: string;
                /** @description Start of the window, Unix milliseconds, inclusive. */
                fromMs?: number | null;
                /** @description End of the window, Unix milliseconds, exclusive; default: now. */
                toMs?: number | null;
                /** @description Only this service. */
                service?: string;
                /** @description Also break down by this. */
                by?: "tenant" | "feature" | "model";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The three answers; default window: 1h. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answers"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getWhy: {
        parameters: {
            query?: {
                /** @description Window that ends now: 90s, 15m, 1h, 7d. Not together with fromMs and toMs. */
                since?: string;
                /** @description Start of the window, Unix milliseconds, inclusive. */
                fromMs?: number | null;
                /** @description End of the window, Unix milliseconds, exclusive; default: now. */
                toMs?: number | null;
                /** @description Only this service, engine, job or cluster; default: everything. */
                subject?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Trees by business, losses, what is unknown. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Why"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    askWhy: {
        parameters: {
            query?: {
                /** @description Window that ends now: 90s, 15m, 1h, 7d. Not together with fromMs and toMs. */
                since?: string;
                /** @description Start of the window, Unix milliseconds, inclusive. */
                fromMs?: number | null;
                /** @description End of the window, Unix milliseconds, exclusive; default: now. */
                toMs?: number | null;
                /** @description Only this service, engine, job or cluster; default: everything. */
                subject?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    clusters: components["schemas"]["ClusterFacts"][];
                };
            };
        };
        responses: {
            /** @description Trees by business, losses, what is unknown. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Why"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listClusters: {
        parameters: {
            query?: {
                /** @description Window that ends now: 90s, 15m, 1h, 7d. Not together with fromMs and toMs. */
                since?: string;
                /** @description Start of the window, Unix milliseconds, inclusive. */
                fromMs?: number | null;
                /** @description End of the window, Unix milliseconds, exclusive; default: now. */
                toMs?: number | null;
                steps?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default window: 1h. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveClusters"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getSeries: {
        parameters: {
            query?: {
                /** @description Window that ends now: 90s, 15m, 1h, 7d. Not together with fromMs and toMs. */
                since?: string;
                /** @description Start of the window, Unix milliseconds, inclusive. */
                fromMs?: number | null;
                /** @description End of the window, Unix milliseconds, exclusive; default: now. */
                toMs?: number | null;
                /** @description Only this service; default: all together. */
                service?: string;
                /** @description Step, milliseconds; rounded up to whole minutes; default: about 60 steps. */
                stepMs?: number;
                /** @description Metric of the heatmap. */
                metric?: "ttft" | "tpot" | "e2e";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Steps oldest first; default window: 1h. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Series"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listRequests: {
        parameters: {
            query?: {
                /** @description Window that ends now: 90s, 15m, 1h, 7d. Not together with fromMs and toMs. */
                since?: string;
                /** @description Start of the window, Unix milliseconds, inclusive. */
                fromMs?: number | null;
                /** @description End of the window, Unix milliseconds, exclusive; default: now. */
                toMs?: number | null;
                /** @description Only this service. */
                service?: string;
                /** @description Only this engine. */
                engine?: string;
                /** @description Only this served model. */
                model?: string;
                /** @description Only this tenant. */
                tenant?: string;
                /** @description Only this feature. */
                feature?: string;
                /** @description Only requests that ended so. */
                outcome?: "success" | "rejected" | "upstream_error" | "engine_crash" | "timeout" | "client_abort" | "shutdown";
                /** @description Only this slow or slower. */
                minE2eMs?: number | null;
                sort?: "startedAt" | "e2e" | "ttft" | "cost" | "tokensOut";
                order?: "asc" | "desc";
                limit?: number;
                offset?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page; default window: 1h. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestPage"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getRequest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record as it was written at settle. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestRecord"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listServices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the order of the configuration. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceList"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listEngines: {
        parameters: {
            query?: {
                /** @description Window that ends now: 90s, 15m, 1h, 7d. Not together with fromMs and toMs. */
                since?: string;
                /** @description Start of the window, Unix milliseconds, inclusive. */
                fromMs?: number | null;
                /** @description End of the window, Unix milliseconds, exclusive; default: now. */
                toMs?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default window: 1h. An engine that was never sampled has sampledMs 0 and nulls. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EngineList"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getConfig: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With every default filled in. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Also when degraded. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyList"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The key. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyCreate"];
            };
        };
        responses: {
            /** @description The key itself is in `key`. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyCreated"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    exportRecords: {
        parameters: {
            query?: {
                /** @description Window that ends now: 90s, 15m, 1h, 7d. Not together with fromMs and toMs. */
                since?: string;
                /** @description Start of the window, Unix milliseconds, inclusive. */
                fromMs?: number | null;
                /** @description End of the window, Unix milliseconds, exclusive; default: now. */
                toMs?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file; default window: 24h. `x-tailrace-rows` has the number of records. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    streamEvents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listPlans: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanJobList"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    startPlan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The plan. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlanCreate"];
            };
        };
        responses: {
            /** @description Under way; ask for it by its id. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanJob"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getPlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result has the form of the command of that kind with --json. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanJobResult"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    cancelPlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanJob"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getServicePlan: {
        parameters: {
            query: {
                service: string;
                since?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is missing is named. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServicePlan"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The exposition. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getResources: {
        parameters: {
            query?: {
                /** @description Window that ends now: 90s, 15m, 1h, 7d. Not together with fromMs and toMs. */
                since?: string;
                /** @description Start of the window, Unix milliseconds, inclusive. */
                fromMs?: number | null;
                /** @description End of the window, Unix milliseconds, exclusive; default: now. */
                toMs?: number | null;
                kind?: "accelerator" | "host" | "engine";
                /** @description Only subjects of this node. */
                node?: string;
                /** @description Only this subject, e.g. the UUID of an accelerator. */
                subject?: string;
                /** @description Names with commas between; see docs/sources.md. Default: all. */
                metrics?: string;
                /** @description Rounded up to whole minutes. */
                stepMs?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default window: 1h. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resources"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listSources: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One entry per target, and per key that pushed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sources"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listExternalRequests: {
        parameters: {
            query?: {
                /** @description Window that ends now: 90s, 15m, 1h, 7d. Not together with fromMs and toMs. */
                since?: string;
                /** @description Start of the window, Unix milliseconds, inclusive. */
                fromMs?: number | null;
                /** @description End of the window, Unix milliseconds, exclusive; default: now. */
                toMs?: number | null;
                /** @description Only this OpenTelemetry service. */
                service?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default window: 1h. They are in no other answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExternalRequests"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listProbeResults: {
        parameters: {
            query?: {
                kind?: "storage" | "checkpoint" | "network" | "memory" | "host";
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description See docs/probes.md. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProbeResults"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getJobSteps: {
        parameters: {
            query?: {
                /** @description Default: the first of the configuration. */
                job?: string;
                steps?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Without jobs: empty. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobSteps"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    remoteWrite: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-protobuf": string;
            };
        };
        responses: {
            /** @description Taken in. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    otlpTraces: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
                "application/x-protobuf": string;
            };
        };
        responses: {
            /** @description Taken in; `partialSuccess` says what was not. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    otlpMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
                "application/x-protobuf": string;
            };
        };
        responses: {
            /** @description Taken in; `partialSuccess` says what was not. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    otlpLogs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
                "application/x-protobuf": string;
            };
        };
        responses: {
            /** @description Taken in; `partialSuccess` says what was not. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listTraces: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Also those being read and those that could not be. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TraceList"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    addTrace: {
        parameters: {
            query: {
                name: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
                "application/gzip": string;
            };
        };
        responses: {
            /** @description Being read; ask for it by its id. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trace"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getTrace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description See docs/trace-analysis.md. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TraceDetail"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    removeTrace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getTraceTile: {
        parameters: {
            query?: {
                level?: number | null;
                tile?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Columns. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getTraceRange: {
        parameters: {
            query?: {
                fromUs?: number | null;
                toUs?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Microseconds since the first event. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TraceRange"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    findTraceEvents: {
        parameters: {
            query: {
                text: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The first by start, and how many there are. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TraceFound"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getTraceEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                row: number | null;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TraceEvent"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listVendors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By id. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VendorList"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    putVendor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The vendor. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["VendorPut"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vendor"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listVendorQuestions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By layer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VendorQuestionList"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    compareVendors: {
        parameters: {
            query?: {
                /** @description Ids with commas; default: all. */
                vendors?: string;
                /** @description As known at this time; default: now. */
                atMs?: number | null;
                /** @description Weights of layers or questions, as serving=3,security.tls=0. */
                weights?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One row a question. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VendorComparison"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getVendor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first in each list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VendorFile"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    diffVendor: {
        parameters: {
            query?: {
                fromMs?: number | null;
                /** @description Default: now. */
                toMs?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the order of the questions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VendorChanges"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    addVendorAnswers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** @description The answers. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["VendorAnswersAdd"];
            };
        };
        responses: {
            /** @description How many were new. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VendorAnswersAdded"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    exportVendorAnswers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One row a question. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    importVendorAnswers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description How many answers were new. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VendorAnswersAdded"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    reviewVendorAnswer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** @description What was found. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["VendorReviewAdd"];
            };
        };
        responses: {
            /** @description The review. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        question: string;
                        /** @enum {string} */
                        verdict: "confirmed" | "contradicted" | "cleared";
                        note: string;
                        by: string;
                        atMs: number;
                    };
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    addVendorDocument: {
        parameters: {
            query: {
                name: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Named by its SHA-256. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VendorDocument"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getVendorDocument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes as they came. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    createVendorLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** @description Whom it is for, and for how long. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["VendorLinkCreate"];
            };
        };
        responses: {
            /** @description The path is shown only now. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VendorLinkCreated"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    revokeVendorLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                link: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VendorLink"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getVendorProbe: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `job` is null when none was started here. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VendorProbeState"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    probeVendor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** @description The endpoint, and bounds. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["VendorProbeAsk"];
            };
        };
        responses: {
            /** @description What is sent at most; `job` once it runs. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VendorProbeState"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    cancelVendorProbe: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VendorProbeState"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    compareVendorQuotes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The plan, and whose quotes. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["VendorQuotesAsk"];
            };
        };
        responses: {
            /** @description In the order asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VendorQuoteComparison"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    addVendorQuote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** @description The quote. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["VendorQuote"];
            };
        };
        responses: {
            /** @description With its time. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        accelerator: string;
                        accelerators: number;
                        price: {
                            /** @enum {string} */
                            basis: "rent";
                            usdPerAcceleratorHour: number;
                        } | {
                            /** @enum {string} */
                            basis: "own";
                            usdPerAccelerator: number;
                            /** @default 5 */
                            lifeYears: number;
                            /** @default 0 */
                            residualPercent: number;
                            /** @default 7 */
                            ratePercent: number;
                            /** @default 0 */
                            hostingUsdPerAcceleratorHour: number;
                            /** @default 0 */
                            staffUsdPerAcceleratorYear: number;
                        };
                        /**
                         * @default ours
                         * @enum {string}
                         */
                        site: "ours" | "vendor";
                        /** @default null */
                        totalKw: number | null;
                        /** @default null */
                        kwPerRack: number | null;
                        /**
                         * @default null
                         * @enum {string|null}
                         */
                        cooling: "air" | "rear-door" | "direct-to-chip" | null;
                        leadWeeks: {
                            low: number;
                            high: number;
                        };
                        /** @default 0 */
                        commitmentMonths: number;
                        /**
                         * Format: date
                         * @default null
                         */
                        validUntil: string | null;
                        atMs: number;
                    };
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getScore: {
        parameters: {
            query?: {
                /** @description Only this service; default: the whole organisation. */
                service?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Evidence that is older than a minute is collected first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Score"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getInterview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One for each condition of level 1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Interview"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    answerInterview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Answers of one person. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["InterviewAnswers"];
            };
        };
        responses: {
            /** @description The score with them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Score"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    declareNotApplicable: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What does not apply, and why. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotApplicable"];
            };
        };
        responses: {
            /** @description The score with it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Score"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getScoreReport: {
        parameters: {
            query?: {
                /** @description Only this service; default: the whole organisation. */
                service?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One HTML file that needs nothing else; A4 through the print of a browser. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getRoadmap: {
        parameters: {
            query?: {
                /** @description Only this service; default: the whole organisation. */
                service?: string;
                /** @description Only actions of this role. */
                role?: "platform" | "capacity" | "serving" | "data" | "security" | "facilities";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Open actions in the order of work, then closed ones. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Roadmap"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    exportRoadmap: {
        parameters: {
            query: {
                /** @description Only this service; default: the whole organisation. */
                service?: string;
                /** @description Only actions of this role. */
                role?: "platform" | "capacity" | "serving" | "data" | "security" | "facilities";
                /** @description Markdown, CSV or iCalendar. */
                format: "md" | "csv" | "ics";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A file in the form that was asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/markdown": string;
                    "text/csv": string;
                    "text/calendar": string;
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    assignAction: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Who does it. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActionOwner"];
            };
        };
        responses: {
            /** @description The roadmap with it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Roadmap"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listEvidence: {
        parameters: {
            query?: {
                /** @description Only of this condition. */
                condition?: string;
                /** @description Only of this service; `-` for the organisation. */
                service?: string;
                /** @description Also what was replaced, or withdrawn. */
                history?: "true" | "false";
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What counts now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EvidenceList"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    addEvidence: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What is known, and who says so. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["EvidenceCreate"];
            };
        };
        responses: {
            /** @description As it is kept, with its grade. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Evidence"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    collectEvidence: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Nothing is asked. */
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description What was collected, and what failed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CollectReport"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    putDocument: {
        parameters: {
            query: {
                /** @description File name, shown to people only. */
                name: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description As it is kept. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptDocument"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getDocument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Always as a file to save. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getEvidence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With what is left of its grade. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Evidence"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    withdrawEvidence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was withdrawn. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Evidence"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listLogbook: {
        parameters: {
            query?: {
                /** @description Only of one kind, e.g. drill. */
                kind?: string;
                service?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Entries. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogbookEntries"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    addToLogbook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What, and who says so. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogbookDeclaration"];
            };
        };
        responses: {
            /** @description As it is kept. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogbookEntry"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    askRelease: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What is to be released. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReleaseAsk"];
            };
        };
        responses: {
            /** @description The verdict. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogbookEntry"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    listIncidents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incidents"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    testAlert: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description For which service. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertTest"];
            };
        };
        responses: {
            /** @description Whether it was taken. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogbookEntry"];
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
    getOpenapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Refused or failed; `code` is stable, `field` names what is at fault. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiError"];
                };
            };
        };
    };
}
