import { afterEach, expect, test } from "vitest";
import { type ChatScene, setChat } from "./chat-scene.js";

let scene: ChatScene;
afterEach(() => scene.close());

const refresh = async () => {
  await scene.run("chat.models:refresh()");
  await scene.until("it is known", `chat.models.state() == "known" or chat.models.state() == "failed"`);
};
const told = () =>
  scene.run<{ state: string; chosen?: string; ids: string[] | object; troubles: string[] | object }>(`
    local ids = {}
    for index, model in chat.models.all() do ids[index] = model.id end
    return { state = chat.models.state(), chosen = chat.models.chosen(), ids = ids, troubles = chat.models.troubles() }`);

test("nothing is asked before somebody looks; then there is a model, and the one chosen last is remembered", async () => {
  scene = await setChat();
  expect(await told()).toEqual({ state: "resting", ids: [], troubles: [] });
  await refresh();
  expect(await told()).toEqual({ state: "known", chosen: "lm/tiny", ids: ["lm/tiny", "lm/other"], troubles: [] });
  await scene.run(`chat.models:choose("lm/other")`);
  await scene.reload();
  await refresh();
  expect(await told()).toMatchObject({ chosen: "lm/other" });
  expect(await scene.run("return chat.models.all()[1]")).toEqual({
    id: "lm/tiny",
    name: "tiny",
    provider: "lm",
    isRunning: false,
  });
});

test("a provider that does not answer is a line that says what to do; the choice waits for its model to be back", async () => {
  scene = await setChat();
  await refresh();
  await scene.run(`chat.models:choose("lm/other")`);
  await scene.model.close();
  await refresh();
  const { troubles, ...rest } = await told();
  expect(rest).toEqual({ state: "known", ids: [] });
  expect(troubles).toEqual([expect.stringMatching(/^The upstream lm takes no connection .*\. Start it/)]);
});

test("where the daemon cannot be asked, why is said", async () => {
  scene = await setChat();
  await scene.daemon.close();
  await refresh();
  expect(await told()).toMatchObject({ state: "failed", ids: [], troubles: [expect.stringMatching(/daemon/)] });
});
