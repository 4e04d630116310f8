/** What a stream's socket tells, in this order: opened at most once, messages, then ended or failed; nothing after that. */
export interface StreamEvents {
  /** The headers are the bytes that came, as latin1: `name: value\r\n` each. */
  opened(status: number, headers: string): void;
  message(bytes: Uint8Array): void;
  /** Something came that is no message: the stream is not idle. */
  active(): void;
  ended(): void;
  /** `status` is -1 where there is none. */
  failed(status: number, text: string): void;
}

/** A stream's socket. */
export interface StreamSource {
  /** One text frame, after those before; only a WebSocket sends. */
  send(bytes: Uint8Array): void;
  pause(): void;
  resume(): void;
  /** Ends it from this side; it tells nothing any more. */
  close(): void;
  /** Drops the socket at once. */
  destroy(): void;
  /** Resolves once the socket is gone. */
  gone: Promise<void>;
}

export const NO_STATUS = -1;
