import { lookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { Failure } from "../fail.js";

/**
 * The danger: clouds answer at fixed addresses with the machine's own credentials, to whoever asks from inside.
 * The rule: no upstream is at one of them, by number or by what its name resolves to at the moment of connecting.
 */
function metadataAddresses(): BlockList {
  const list = new BlockList();
  list.addSubnet("169.254.0.0", 16, "ipv4");
  for (const address of ["100.100.100.200", "168.63.129.16", "192.0.0.192"]) list.addAddress(address, "ipv4");
  for (const address of ["fd00:ec2::254", "fd20:ce::254"]) list.addAddress(address, "ipv6");
  return list;
}

const METADATA = metadataAddresses();
const METADATA_NAME = /^(?:metadata|instance-data|metadata\.google\.internal)\.?$/i;

/** @param host a name, or an address with or without its brackets. */
export function isMetadataAddress(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, "");
  const family = isIP(address);
  return family === 0 ? METADATA_NAME.test(address) : METADATA.check(address, family === 6 ? "ipv6" : "ipv4");
}

/** The system's lookup, which answers no such address. */
export const guardedLookup: LookupFunction = (hostname, options, answer) => {
  lookup(hostname, options, (error, address, family) => {
    const found = typeof address === "string" ? [address] : (address ?? []).map((entry) => entry.address);
    const refused = found.some(isMetadataAddress)
      ? new Failure({ code: "upstream-unreachable", detail: "Its name leads to an address of a cloud's own metadata." })
      : error;
    answer(refused, address, family);
  });
};
