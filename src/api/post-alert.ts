import type { Deliver } from '../govern/alerts/raise-alerts.ts';

const WAIT_MS = 5_000;

/** Posts an alert to a webhook as JSON; true when it was taken. Follows no redirect, and reads no reply. */
export const postAlert: Deliver = async (webhook, alert) => {
  try {
    const response = await fetch(webhook, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: alert.message, ...alert }),
      redirect: 'error',
      signal: AbortSignal.timeout(WAIT_MS),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
};
