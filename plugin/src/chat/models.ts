import { source } from "@rbxts/vide";
import type { Models as BridgeModels, ModelList } from "../bridge/models.js";
import type { Settings } from "../credentials.js";
import { explain, problemOf } from "../wire/problem.js";
import type { ModelChoice, Models } from "./turn.js";

/** The name of the plugin's setting. */
const CHOSEN = "model";

const NONE =
  "No model was found. Start Ollama, LM Studio or another local server and look again, or name a provider in the daemon's configuration.";

function troublesIn({ models, providers }: ModelList): string[] {
  const troubles = providers
    .filter(({ state }) => state !== "ready")
    .map(({ name, state, detail }) => detail ?? `${name}: ${state}`);
  if (models.isEmpty() && troubles.isEmpty()) troubles.push(NONE);
  return troubles;
}

/** The models to choose from; what was chosen last is remembered on this machine. */
export function createModels(bridge: BridgeModels, settings: Settings): Models {
  const all = source<readonly ModelChoice[]>([]);
  const chosen = source<string | undefined>(undefined);
  const state = source<ReturnType<Models["state"]>>("resting");
  const troubles = source<readonly string[]>([]);

  /** What was chosen last, or else one that costs no loading. */
  function preferred(choices: readonly ModelChoice[]): string | undefined {
    const wanted = chosen() ?? settings.get(CHOSEN);
    const found = choices.find(({ id }) => id === wanted) ?? choices.find(({ isRunning }) => isRunning) ?? choices[0];
    return (found as ModelChoice | undefined)?.id;
  }

  async function ask(): Promise<void> {
    state("asking");
    try {
      const listed = await bridge.list({ again: true });
      const choices = listed.models.map(({ id, name, provider, running }) => ({
        id,
        name,
        provider,
        isRunning: running === true,
      }));
      all(choices);
      chosen(preferred(choices));
      troubles(troublesIn(listed));
      state("known");
    } catch (thrown) {
      troubles([explain(problemOf(thrown))]);
      state("failed");
    }
  }

  return {
    all,
    chosen,
    state,
    troubles,
    choose(id) {
      chosen(id);
      settings.set(CHOSEN, id);
    },
    refresh() {
      if (state() !== "asking") void ask();
    },
  };
}
