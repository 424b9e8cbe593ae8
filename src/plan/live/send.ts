import type { ServerResponse } from 'node:http';
import { SIMULATED_HEADER } from '../../records/simulation.ts';
import { errorJson, type HttpError } from './http-error.ts';

const headers = (contentType: string, body: string) => ({
  'content-type': contentType,
  'content-length': Buffer.byteLength(body),
  [SIMULATED_HEADER]: 'true',
});

export function sendText(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string,
): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, headers(contentType, body)).end(body);
}

export const sendJson = (response: ServerResponse, status: number, json: string): void =>
  sendText(response, status, 'application/json', json);

export const sendError = (response: ServerResponse, error: HttpError): void =>
  sendJson(response, error.status, errorJson(error));

/** Promises the whole body, sends half of it, and closes the socket. */
export function sendCut(response: ServerResponse, body: string): void {
  if (response.destroyed) return;
  response.writeHead(200, headers('application/json', body));
  response.write(body.slice(0, body.length / 2), () => response.destroy());
}
