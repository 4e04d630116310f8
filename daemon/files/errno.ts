import { Failure, fail } from "../fail.js";

/** What is said of each, whether the system or a look of our own finds it. */
const DETAILS = {
  "not-found": "Nothing stands there.",
  "not-a-folder": "A part of the path is not a folder.",
  "is-a-folder": "A folder stands there.",
  "outside-root": "The path leads through a link.",
  "not-regular": "This is not a regular file.",
  "invalid-path": "The file system does not take this name.",
  "no-permission": "The system does not allow it.",
  "read-only": "The file system is read-only.",
  "file-busy": "Another program holds the file.",
  "disk-full": "The disk is full; the old content is intact.",
  "too-large": "The file is larger than the file system or the account allows.",
  "disk-error": "The disk failed.",
  "too-many-files": "The system has no file handle left.",
} as const;

type Refusal = keyof typeof DETAILS;

/** Each error of the system, once. What is not here is a fault of ours, and becomes `internal`. */
const CODES: { readonly [errno: string]: Refusal } = {
  ENOENT: "not-found",
  ESTALE: "not-found",
  ENOTDIR: "not-a-folder",
  EISDIR: "is-a-folder",
  ELOOP: "outside-root",
  EMLINK: "outside-root",
  ENXIO: "not-regular",
  ENODEV: "not-regular",
  ENAMETOOLONG: "invalid-path",
  EILSEQ: "invalid-path",
  EINVAL: "invalid-path",
  EACCES: "no-permission",
  EPERM: "no-permission",
  EXDEV: "no-permission",
  EROFS: "read-only",
  EBUSY: "file-busy",
  ETXTBSY: "file-busy",
  EAGAIN: "file-busy",
  ENOSPC: "disk-full",
  EDQUOT: "disk-full",
  EFBIG: "too-large",
  EOVERFLOW: "too-large",
  EIO: "disk-error",
  ETIMEDOUT: "disk-error",
  EHOSTDOWN: "disk-error",
  EMFILE: "too-many-files",
  ENFILE: "too-many-files",
};

/** The system's name of an error, such as `ENOENT`, or undefined where it is none of the system's. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Throws a failure of the disk as the problem it is, naming the client's path, if it is one file's, and never the machine's. */
export function failOnDisk(error: unknown, at?: string): never {
  const code = CODES[errnoOf(error) ?? ""];
  if (error instanceof Failure || code === undefined) throw error;
  return refuse(code, at);
}

/** Fails as the disk would, where a look has shown what would come of it. */
export function refuse(code: Refusal, at?: string): never {
  return fail(code, DETAILS[code], { ...(at !== undefined && { at }) });
}

/** Of errors at a rename: the ones that say that somebody else has the file open. */
export function isHeld(error: unknown): boolean {
  return ["EPERM", "EACCES", "EBUSY", "ETXTBSY"].includes(errnoOf(error) ?? "");
}
