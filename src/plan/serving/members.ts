import type { AutoscalerSettings } from '../cluster/fleet-settings.ts';

/** Which replicas of a fleet take requests, and what time is paid for them. */
export interface Members {
  /** Those that run from the start are paid from here on. */
  start(nowS: number): void;
  isReady(replica: number): boolean;
  /** Replicas that are paid: ready, starting or down, but not being drained. */
  paidCount(): number;
  block(replica: number, nowS: number): void;
  /** False when it was not waited for any more. */
  unblock(replica: number, nowS: number): boolean;
  /** Starts or drains replicas up to `wanted`; those that start, which are blocked until they are ready. */
  resize(wanted: number, nowS: number, outstanding: (replica: number) => number): number[];
  totals(nowS: number): { paidS: number[]; blockedS: number[] };
}

interface Member {
  /** Off replicas cost nothing; draining ones finish what they have. */
  state: 'off' | 'ready' | 'blocked' | 'draining';
  paidS: number;
  blockedS: number;
  sinceS: number;
}

/** Without an autoscaler every replica runs; with one, the smallest number at first. */
export function createMembers(count: number, autoscaler: AutoscalerSettings | null): Members {
  const initial = Math.min(count, autoscaler?.minReplicas ?? count);
  const all: Member[] = Array.from({ length: count }, (_, i) => ({
    state: i < initial ? 'ready' : 'off',
    paidS: 0,
    blockedS: 0,
    sinceS: 0,
  }));

  const to = (member: Member, state: Member['state'], nowS: number): void => {
    const seconds = nowS - member.sinceS;
    if (member.state !== 'off') member.paidS += seconds;
    if (member.state === 'blocked') member.blockedS += seconds;
    member.state = state;
    member.sinceS = nowS;
  };
  const isPaid = ({ state }: Member): boolean => state === 'ready' || state === 'blocked';

  return {
    start(nowS) {
      for (const member of all) member.sinceS = nowS;
    },
    isReady: (replica) => all[replica]?.state === 'ready',
    paidCount: () => all.filter(isPaid).length,
    block(replica, nowS) {
      const member = all[replica];
      if (member !== undefined) to(member, 'blocked', nowS);
    },
    unblock(replica, nowS) {
      const member = all[replica];
      if (member?.state !== 'blocked') return false;
      to(member, 'ready', nowS);
      return true;
    },
    resize(wanted, nowS, outstanding) {
      const started: number[] = [];
      let paid = all.filter(isPaid).length;
      for (const [i, member] of all.entries()) {
        if (member.state === 'draining' && outstanding(i) === 0) to(member, 'off', nowS);
        if (paid >= wanted || isPaid(member)) continue;
        paid += 1;
        if (member.state === 'draining') {
          to(member, 'ready', nowS);
          continue;
        }
        to(member, 'blocked', nowS);
        started.push(i);
      }
      for (let i = all.length - 1; i >= 0 && paid > wanted; i -= 1) {
        const member = all[i];
        if (member?.state !== 'ready') continue;
        to(member, 'draining', nowS);
        paid -= 1;
      }
      return started;
    },
    totals(nowS) {
      for (const member of all) to(member, member.state, nowS);
      return { paidS: all.map((one) => one.paidS), blockedS: all.map((one) => one.blockedS) };
    },
  };
}
