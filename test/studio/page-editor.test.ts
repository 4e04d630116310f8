import { expect } from "vitest";
import { browserTest } from "../support/browser-test.ts";
import { type PageScene, pagesForTests } from "./page-scene.ts";
import type { Editor } from "./stand-in/screen/protocol.ts";

const openPage = pagesForTests();

const DOCUMENTS = [
  { id: 7, title: "Main" },
  { id: 8, title: "Other" },
];
const editor = (more: Partial<Editor>): Editor => ({ documents: DOCUMENTS, active: 7, ...more });
const area = ({ page }: PageScene) => page.locator('[data-pane="editor"] textarea');
const caret = ({ page }: PageScene) =>
  page.evaluate(`((area) => [area.selectionStart, area.selectionEnd])(document.querySelector("textarea.code"))`);

browserTest("the document on top is shown with its lines numbered, and its tabs change and close it", async () => {
  const scene = await openPage({ editor: editor({ text: "one\ntwo\n" }) });
  expect(await area(scene).inputValue()).toBe("one\ntwo\n");
  expect(await scene.page.locator(".line-numbers").textContent()).toBe("1\n2\n3");
  expect(await scene.page.getByRole("tab", { selected: true }).textContent()).toBe("Main");
  await scene.page.getByRole("tab", { name: "Other" }).click();
  expect(await scene.hears("show-document")).toEqual({ kind: "show-document", id: 8 });
  scene.say({ editor: editor({ active: 8, text: "other" }) });
  await scene.settled();
  expect(await area(scene).inputValue()).toBe("other");
  // A text that has not changed is not sent again.
  scene.say({ editor: editor({ active: 7 }) });
  await scene.settled();
  expect(await area(scene).inputValue()).toBe("one\ntwo\n");
  await scene.page.getByRole("button", { name: "Close Main" }).click();
  expect(await scene.hears("close-document")).toEqual({ kind: "close-document", id: 7 });
  scene.say({ editor: { documents: [], active: 0 } });
  await scene.settled();
  expect(await area(scene).isVisible()).toBe(false);
});

browserTest("what is typed is sent, and at once when the editor is left", async () => {
  const scene = await openPage({ editor: editor({ text: "return 1" }) });
  await area(scene).focus();
  await scene.page.keyboard.press("End");
  await scene.page.keyboard.type("2");
  expect(await scene.hears("edit")).toEqual({ kind: "edit", number: 1, id: 7, text: "return 12" });
  scene.forget();
  await scene.page.keyboard.type("345");
  await scene.page.getByRole("tab", { name: "Other" }).click();
  await scene.hears("show-document");
  const said = scene.heard.filter(({ kind }) => kind === "edit" || kind === "show-document");
  expect(said.at(-2)).toMatchObject({ kind: "edit", id: 7, text: "return 12345" });
  expect(said.at(-1)).toEqual({ kind: "show-document", id: 8 });
});

browserTest(
  "where the caret is, and what is selected, is told as Studio counts: lines, and bytes in them",
  async () => {
    const scene = await openPage({ editor: editor({ text: "one\nzwei ü x" }) });
    await area(scene).focus();
    await scene.page.keyboard.press("Control+End");
    // The focus alone tells of a caret, too: at the beginning.
    expect(await scene.hears("caret", ({ line }) => line === 2)).toEqual({
      kind: "caret",
      id: 7,
      line: 2,
      character: 10,
      anchorLine: 2,
      anchorCharacter: 10,
    });
    scene.forget();
    await scene.page.keyboard.press("Shift+ArrowUp");
    expect(await scene.hears("caret", ({ line }) => line === 1)).toMatchObject({
      line: 1,
      character: 4,
      anchorLine: 2,
      anchorCharacter: 10,
    });
    scene.forget();
    // The edit comes first: the caret is in its text.
    await scene.page.keyboard.type("!");
    await scene.hears("edit");
    const edited = scene.heard.findIndex(({ kind }) => kind === "edit");
    await expect
      .poll(() => scene.heard.slice(edited))
      .toContainEqual(
        expect.objectContaining({ kind: "caret", line: 1, character: 5, anchorLine: 1, anchorCharacter: 5 }),
      );
    expect(scene.heard.slice(0, edited)).not.toContainEqual(
      expect.objectContaining({ character: 5, anchorCharacter: 5 }),
    );
  },
);

browserTest("Tab inserts a tab, and after Escape leaves", async () => {
  const scene = await openPage({ editor: editor({ text: "x" }) });
  await area(scene).focus();
  await scene.page.keyboard.press("Home");
  await scene.page.keyboard.press("Tab");
  expect((await scene.hears("edit")).text).toBe("\tx");
  await scene.page.keyboard.press("Escape");
  await scene.page.keyboard.press("Tab");
  expect(await scene.page.evaluate("document.activeElement.tagName")).not.toBe("TEXTAREA");
});

browserTest("a text from elsewhere keeps the caret and the scrolling", async () => {
  const lines = Array.from({ length: 200 }, (_, index) => `line ${index}`);
  const scene = await openPage({ editor: editor({ text: lines.join("\n") }) }, { height: 500 });
  const at = lines.join("\n").indexOf("line 100");
  await scene.page.evaluate(`((area) => {
    area.setSelectionRange(${at}, ${at});
    area.scrollTop = 1500;
  })(document.querySelector("textarea.code"))`);
  scene.say({ editor: editor({ text: ["new", ...lines].join("\n") }) });
  await scene.settled();
  expect(await caret(scene)).toEqual([at + 4, at + 4]);
  expect(await scene.page.evaluate(`document.querySelector("textarea.code").scrollTop`)).toBe(1500);
});

browserTest("a text that is older than what was typed since is not put in", async () => {
  const scene = await openPage({ editor: editor({ text: "a" }) });
  await area(scene).focus();
  await scene.page.keyboard.press("End");
  await scene.page.keyboard.type("b");
  await scene.hears("edit");
  scene.say({ heard: 0, editor: editor({ text: "from elsewhere" }) });
  await scene.settled();
  expect(await area(scene).inputValue()).toBe("ab");
  scene.say({ heard: 1, editor: editor({ text: "ab, then elsewhere" }) });
  await scene.settled();
  expect(await area(scene).inputValue()).toBe("ab, then elsewhere");
  expect(await caret(scene)).toEqual([2, 2]);
});
