# Reads a JSON list of texts, writes a JSON list of verdicts of prometheus_client's OpenMetrics reader.
import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families


def verdict(text):
    try:
        for _ in text_string_to_metric_families(text):
            pass
        return None
    except Exception as error:  # whatever it raises, the text was not read
        return f"{type(error).__name__}: {error}"[:200]


json.dump([verdict(text) for text in json.load(sys.stdin)], sys.stdout)
