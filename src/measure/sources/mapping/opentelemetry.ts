import {
  acceleratorSubject,
  firstLabel,
  hostSubject,
  type ExporterMapping,
  type Labels,
  type Rule,
} from './mapping.ts';

const is =
  (label: string, value: string) =>
  (labels: Labels): boolean =>
    labels.get(label) === value;

/** Semantic conventions for hardware (https://opentelemetry.io/docs/specs/semconv/hardware/gpu/). */
export const openTelemetryDevices: ExporterMapping = {
  exporter: 'opentelemetry-hardware',
  rules: {
    'hw.gpu.utilization': {
      metric: 'kernelShare',
      only: (labels) => (labels.get('hw.gpu.task') ?? 'general') === 'general',
    },
    'hw.gpu.memory.usage': { metric: 'memoryUsedBytes' },
    'hw.gpu.memory.limit': { metric: 'memoryTotalBytes' },
    'hw.gpu.io': [ioRule('pcieRxBytesPerS', 'receive'), ioRule('pcieTxBytesPerS', 'transmit')],
    'hw.power': { metric: 'powerW', only: is('hw.type', 'gpu') },
    'hw.energy': { metric: 'energyRateW', counter: true, only: is('hw.type', 'gpu') },
  },
  subject: (labels, target) =>
    acceleratorSubject(labels, target, {
      uuid: ['hw.serial_number', 'hw.id'],
      index: [],
      model: ['hw.model', 'hw.name'],
    }),
};

function ioRule(metric: Rule['metric'], direction: string): Rule {
  return { metric, counter: true, only: is('network.io.direction', direction) };
}

/** Semantic conventions for systems, as the collector's host metrics receiver sends them. */
export const openTelemetryHost: ExporterMapping = {
  exporter: 'opentelemetry-system',
  rules: {
    'system.cpu.time': [
      cpu('cpuIdleShare', 'idle'),
      cpu('cpuIowaitShare', 'wait'),
      cpu('cpuUserShare', 'user'),
      cpu('cpuSystemShare', 'system'),
      cpu('cpuStealShare', 'steal'),
    ],
    'system.cpu.load_average.1m': { metric: 'load1' },
  },
  subject: hostSubject,
};

function cpu(metric: Rule['metric'], state: string): Rule {
  const only = (labels: Labels): boolean => firstLabel(labels, ['cpu.mode', 'state']) === state;
  return { metric, counter: true, part: 'cpu', combine: 'mean', only };
}

const tokens = (metric: Rule['metric'], type: string): Rule => ({
  metric,
  counter: true,
  only: is('gen_ai.token.type', type),
});
const counter = (metric: Rule['metric']): Rule => ({ metric, counter: true });
/** Operations and modalities of one model add up. */
const overModalities = (metric: Rule['metric']): Rule => ({
  metric,
  counter: true,
  part: 'gen_ai.token.modality',
  combine: 'sum',
});

/** GenAI metrics of both generations; histograms come as `_sum` and `_count`. */
export const openTelemetryGenAi: ExporterMapping = {
  exporter: 'opentelemetry-genai',
  rules: {
    'gen_ai.client.token.usage_sum': [
      tokens('promptTokensPerS', 'input'),
      tokens('outputTokensPerS', 'output'),
    ],
    'gen_ai.client.inference.usage.input_tokens': overModalities('promptTokensPerS'),
    'gen_ai.client.inference.usage.output_tokens': overModalities('outputTokensPerS'),
    'gen_ai.client.inference.usage.cache_read.input_tokens': overModalities('cachedTokensPerS'),
    'gen_ai.client.operation.duration_sum': counter('e2eSecondsPerS'),
    'gen_ai.client.operation.duration_count': counter('requestsDonePerS'),
    'gen_ai.client.inference.duration_sum': counter('e2eSecondsPerS'),
    'gen_ai.client.inference.duration_count': counter('requestsDonePerS'),
    'gen_ai.server.request.duration_sum': counter('e2eSecondsPerS'),
    'gen_ai.server.request.duration_count': counter('requestsDonePerS'),
    'gen_ai.server.time_to_first_token_sum': counter('ttftSecondsPerS'),
  },
  subject(labels, target) {
    const model = firstLabel(labels, ['gen_ai.response.model', 'gen_ai.request.model']);
    const service = firstLabel(labels, ['service.name']) ?? target.source;
    const instance = firstLabel(labels, ['service.instance.id', 'hostname', 'pod']);
    const id = ['otel', service, instance, model].filter((one) => one !== null).join('/');
    return {
      kind: 'engine',
      id,
      node: firstLabel(labels, ['node', 'hostname']),
      index: null,
      model,
    };
  },
};
