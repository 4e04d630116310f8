import type { Settings } from "./credentials.js";

/** Settings that take JSON that is written already, too. */
export interface KeptText extends Settings {
  setJson(name: string, json: string): void;
}

/**
 * Settings whose values come back as they were. Studio makes maps of lists, and its file is spoilt by a backslash or an
 * escaped quote in a value; so what is kept is the Base64 of its JSON, which has neither.
 * What somebody else has written, or what is damaged, is read as nothing.
 */
export function createKeptText(settings: Settings, http: HttpService, encoding: EncodingService): KeptText {
  function decode(kept: string): unknown {
    return http.JSONDecode(buffer.tostring(encoding.Base64Decode(buffer.fromstring(kept))));
  }

  function setJson(name: string, json: string): void {
    settings.set(name, buffer.tostring(encoding.Base64Encode(buffer.fromstring(json))));
  }

  return {
    setJson(name, json) {
      setJson(name, json);
    },
    get(name) {
      const kept = settings.get(name);
      if (!typeIs(kept, "string")) return undefined;
      const [ok, value] = pcall(decode, kept);
      return ok ? value : undefined;
    },
    set(name, value) {
      if (value === undefined) settings.set(name, undefined);
      else setJson(name, http.JSONEncode(value));
    },
  };
}
