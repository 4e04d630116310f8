/** Runs one action of the user; resolves with whether Studio can undo it. */
export type Record = (title: string, act: () => Promise<void>) => Promise<boolean>;

/**
 * One recording of the change history for each action of the user. Studio refuses one while another is open (another
 * plugin's, or in a play test): the action is then done all the same, for the user asked for it, and said to have no undo.
 */
export function createRecord(history: ChangeHistoryService): Record {
  return async (title, act) => {
    const recording = history.TryBeginRecording(`Puente: ${title}`, title);
    const finish = (operation: Enum.FinishRecordingOperation) => {
      if (recording !== undefined) history.FinishRecording(recording, operation);
    };
    try {
      await act();
      finish(Enum.FinishRecordingOperation.Commit);
      return recording !== undefined;
    } catch (thrown) {
      finish(Enum.FinishRecordingOperation.Cancel);
      throw thrown;
    }
  };
}
