import { afterAll, beforeAll, expect, test } from "vitest";
import { type ScriptedModel, startScriptedModel } from "../support/scripted-model.js";
import { eventually, type Scene, setScene } from "./plugin-scene.js";
import { startStudio } from "./stand-in/index.js";

let model: ScriptedModel;
let scene: Scene;
beforeAll(async () => {
  model = await startScriptedModel();
  scene = await setScene({ model });
  await scene.pair();
  await scene.click("Chat");
  await scene.see("▸ tiny, lm");
});
afterAll(async () => {
  await scene.close();
  await model.close();
});

const ask = async (question: string) => {
  await scene.studio.type("Question", question);
  await scene.click("Ask");
  return model.next(question);
};
const left = (label: string, isGone: () => boolean) => eventually(label, async () => (isGone() ? true : undefined), 20);

test("the plugin is reloaded in the middle of an answer: nothing is left running, and nothing of it is lost", async () => {
  const reply = await ask("Tell me.");
  reply.text("Once upon a time");
  await scene.see("Once upon a time");
  await scene.studio.reloadPlugin();
  await left("the provider to be left", reply.visit.isGone);
  await scene.click("Chat");
  await scene.see("Tell me.");
  await scene.see("Once upon a time");
  expect(await scene.texts()).not.toContain("Stop");
  // It goes on from there.
  const next = await ask("Go on.");
  next.text("there was a lantern.").end();
  await scene.see("there was a lantern.");
  expect(
    model
      .messages()
      .slice(1)
      .map(({ content }) => content),
  ).toEqual(["Tell me.", "Once upon a time", "Go on."]);
});

test("the place is closed in the middle of an answer, and opened again", async () => {
  const reply = await ask("And then?");
  reply.text("It was lit.");
  await scene.see("It was lit.");
  await scene.studio.unloadPlugin();
  await left("the provider to be left", reply.visit.isGone);
  const later = await startStudio({ plugins: [scene.plugin], settings: scene.studio.settings() });
  try {
    await eventually("the tab", async () => ((await later.texts()).includes("Chat") ? true : undefined));
    await later.activate("Chat");
    await eventually("what was said", async () => {
      const lines = await later.texts();
      return lines.includes("And then?") && lines.includes("It was lit.") ? true : undefined;
    });
  } finally {
    await later.close();
  }
});
