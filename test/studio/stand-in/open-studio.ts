import { type Studio, type StudioOptions, startStudio } from "./index.ts";
import { type StudioPage, servePage } from "./page-server.ts";

/**
 * A Studio in the browser with these plugins. A plugin that fails to load, or never ends loading, is not waited for:
 * the page shows what it says.
 */
export function openStudio(options: StudioOptions, port = 0): Promise<StudioPage> {
  let settings = options.settings ?? {};
  let last: Studio | undefined;
  return servePage(async () => {
    // A restarted Studio finds the settings that the one before has left.
    settings = last?.settings() ?? settings;
    const studio = await startStudio({ ...options, settings, plugins: [] });
    last = studio;
    for (const plugin of options.plugins) studio.reloadPlugin(plugin).catch((error: Error) => studio.report(error));
    return studio;
  }, port);
}
