/** Records one local change for Studio's undo; resolves with whether Studio can undo it. */
export type Record = (title: string, change: () => Promise<void>) => Promise<boolean>;

/**
 * One recording of the change history for each change. A recording takes in whatever the user does while it is open,
 * and cancelling it would undo that, too. So nothing that waits for the network runs inside one, and a change that
 * fails puts back what it did itself; the recording is committed in any case.
 * Studio refuses a recording while another is open (another plugin's, or in a play test): the change is then made all
 * the same, for the user asked for it, and said to have no undo.
 */
export function createRecord(history: ChangeHistoryService): Record {
  return async (title, change) => {
    const recording = history.TryBeginRecording(`Puente: ${title}`, title);
    try {
      await change();
    } finally {
      if (recording !== undefined) history.FinishRecording(recording, Enum.FinishRecordingOperation.Commit);
    }
    return recording !== undefined;
  };
}
