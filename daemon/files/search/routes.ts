import type { Handlers } from "../../http/bind.js";
import type { Search } from "./search.js";

export function searchRoutes({ search }: Search): Handlers<"files/search"> {
  return { "files/search": (input, { signal }) => search(input, signal) };
}
