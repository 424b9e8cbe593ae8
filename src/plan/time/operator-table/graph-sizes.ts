/**
 * Token counts that vLLM 0.19 captures as CUDA graphs by default (its documentation, CompilationConfig): 1, 2, 4, every 8 up
 * to 256, every 16 up to 512, and no more than twice the sequences of a step.
 */
export function defaultGraphSizes(maxSequences: number): number[] {
  const sizes = [1, 2, 4];
  for (let size = 8; size <= 256; size += 8) sizes.push(size);
  for (let size = 272; size <= 512; size += 16) sizes.push(size);
  return sizes.filter((size) => size <= 2 * maxSequences);
}
