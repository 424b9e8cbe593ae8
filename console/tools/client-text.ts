import openapiTS, { astToString } from 'openapi-typescript';

const HEADER = `/**
 * Generated from docs/openapi.json by \`npm run generate\`. Do not change it by hand.
 */

`;

/** The types of the control API's replies and questions, from the document that it publishes. */
export async function clientText(documentUrl: URL): Promise<string> {
  return HEADER + astToString(await openapiTS(documentUrl));
}
