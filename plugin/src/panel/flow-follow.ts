/** How near to its end, in pixels, a pane is taken to be there. */
const NEAR = 4;

/** Keeps a pane at its end while what is in it grows, for as long as the user does not scroll away from there. */
export interface Follow {
  isAtEnd(): boolean;
  toEnd(): void;
  close(): void;
}

/** `onTurn` is told when the user has left the end, and when the pane is there again. */
export function createFollow(pane: ScrollingFrame, onTurn: (isAtEnd: boolean) => void): Follow {
  let isAtEnd = true;
  let isMine = false;
  const limit = () => math.max(0, pane.AbsoluteCanvasSize.Y - pane.AbsoluteWindowSize.Y);

  function turn(now: boolean): void {
    if (now === isAtEnd) return;
    isAtEnd = now;
    onTurn(now);
  }

  function toEnd(): void {
    turn(true);
    isMine = true;
    pane.CanvasPosition = new Vector2(0, limit());
    isMine = false;
  }

  function stay(): void {
    if (isAtEnd) toEnd();
  }

  const connections = [
    pane.GetPropertyChangedSignal("AbsoluteCanvasSize").Connect(stay),
    pane.GetPropertyChangedSignal("AbsoluteWindowSize").Connect(stay),
    pane.GetPropertyChangedSignal("CanvasPosition").Connect(() => {
      if (!isMine) turn(pane.CanvasPosition.Y >= limit() - NEAR);
    }),
  ];

  return {
    isAtEnd() {
      return isAtEnd;
    },
    toEnd() {
      toEnd();
    },
    close() {
      for (const connection of connections) connection.Disconnect();
    },
  };
}
