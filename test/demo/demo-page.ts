import type { Browser, Page } from "playwright-core";
import type { Demo } from "./demo.ts";

const SECONDS = 10;
/** The whole of a text, as a person reads it. */
const exactly = (text: string) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);

export interface Look {
  readonly width: number;
  readonly height: number;
  /** Shows the panel alone, as wide as the window. */
  readonly only?: boolean;
}

export type DemoPage = Awaited<ReturnType<typeof openDemoPage>>;

/** The demo's page in a browser, used as a person does: by what is to be read on it. */
export async function openDemoPage(browser: Browser, demo: Demo, { width, height, only = false }: Look) {
  const page: Page = await browser.newPage({ viewport: { width, height } });
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(message.text());
  });
  await page.goto(only ? demo.url.replace("/#", "/?only=Puente#") : demo.url);
  /** Texts of the panel; those that lie in hidden frames do not count. */
  const text = (wanted: string | RegExp) =>
    page
      .locator(`[data-widget="Puente"] :is([data-kind="text"], [data-kind="field"]):visible`)
      .filter({ hasText: typeof wanted === "string" ? exactly(wanted) : wanted })
      .first();
  return {
    page,
    text,
    /** The script editor's text field. */
    editor: page.locator('[data-pane="editor"] textarea'),
    /** Errors of the page itself. */
    wrong,
    see: (wanted: string | RegExp, seconds = SECONDS) => text(wanted).waitFor({ timeout: seconds * 1000 }),
    click: (wanted: string) => text(wanted).click({ timeout: SECONDS * 1000 }),
    /** Unfolds the folders of a path and opens the file. */
    async open(path: string) {
      for (const name of path.split("/")) await this.click(name);
      await this.see(`place/${path}`);
    },
  };
}
