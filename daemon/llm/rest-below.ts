const VERSIONED = /\/v\d+[a-z]*(?:\/openai)?\/?$/;

/**
 * What is asked for below a provider's address, which is written with the version of the API or without: for
 * `v1/models` both `https://models.example` and `https://models.example/v1` lead to the same.
 */
export function restBelow(basePath: string, rest: string): string {
  return VERSIONED.test(basePath) ? rest.slice(rest.indexOf("/") + 1) : rest;
}
