/** Of Node's `http`: an import of the whole asks for each of its exports, one of which loads undici, as long as all else. */
export const { Agent, request, STATUS_CODES, validateHeaderName, validateHeaderValue } =
  process.getBuiltinModule("node:http");
