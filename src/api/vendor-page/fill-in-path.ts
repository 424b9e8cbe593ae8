const ROOT = '/vendor-answers/';

/** Where a vendor fills in the questionnaire: no admin key is asked for, the token is the key. */
export const fillInPath = (token: string): string => `${ROOT}${token}`;

export const isFillInPath = (path: string): boolean => path.startsWith(ROOT);
