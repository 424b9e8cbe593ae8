/** The nine layers of an AI system, from the ground up, each with the question that its page answers. */
export const LAYERS = [
  {
    id: 'facilities',
    label: 'Facilities & power',
    question: 'Can we power and cool it, where, and until when?',
  },
  {
    id: 'compute',
    label: 'Compute',
    question: 'What limits throughput: FLOPs, memory bandwidth or memory size?',
  },
  {
    id: 'networking',
    label: 'Networking',
    question: 'Does the network starve training, or stretch inference tails?',
  },
  { id: 'storage', label: 'Storage', question: 'Does I/O keep the accelerators fed?' },
  {
    id: 'orchestration',
    label: 'Orchestration',
    question: 'What does idle time by scheduling cost?',
  },
  {
    id: 'data',
    label: 'Data & pipelines',
    question: 'Which data made this model, may we use it, can we make it again?',
  },
  {
    id: 'serving',
    label: 'Serving',
    question: 'Where are latency, cost per request and reliability won or lost?',
  },
  {
    id: 'observability',
    label: 'Observability',
    question: 'Did quality, speed or cost degrade quietly?',
  },
  { id: 'security', label: 'Security & risk', question: 'Who may do what, and how do we know?' },
] as const;

export type LayerId = (typeof LAYERS)[number]['id'];
export type Layer = (typeof LAYERS)[number];

export const findLayer = (id: string): Layer | null => LAYERS.find((one) => one.id === id) ?? null;
