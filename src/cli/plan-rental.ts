import type { PlanOverride } from '../plan/plan-file/parse-plan.ts';
import type { CommandContext, Option } from './command.ts';
import { usage } from './load-options.ts';
import { textValues } from './option-values.ts';
import { readNumber } from './plan-input.ts';

export const rentOption: Record<string, Option> = {
  rent: {
    type: 'string',
    multiple: true,
    value: 'ID=USD',
    description: 'rent of an accelerator-hour, as h100-sxm=2.95 (default: catalog median)',
  },
};

/** `--rent ID=USD`, as many times as given, on top of the plan's. */
export function rentOverrides({ values }: CommandContext): PlanOverride[] {
  return textValues(values, 'rent').map((text) => {
    const [id = '', price, more] = text.split('=');
    if (id === '' || price === undefined || more !== undefined) {
      throw usage(
        'rent',
        `takes an accelerator and its price such as h100-sxm=2.95, not "${text}"`,
      );
    }
    const value = readNumber(price, 'rent');
    return { path: ['money', 'rentUsdPerHour', id], value, from: '--rent' };
  });
}
