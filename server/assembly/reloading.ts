import type { RuleFinding } from '#contract/rule.ts';
import type { HubConfig } from '../config/hub-config.ts';
import { watchDirectory } from '../config/watch-directory.ts';
import { InvalidConfig } from '../config/yaml-document.ts';
import type { Logger } from '../observe/logger.ts';

export interface ReloadingOptions<Rules extends object> {
  readonly configDir: string;
  readonly rulesDir: string;
  readonly loadConfig: () => Promise<HubConfig>;
  readonly loadRules: () => Promise<Rules | { readonly findings: readonly RuleFinding[] }>;
  readonly applyConfig: (config: HubConfig) => void;
  readonly applyRules: (rules: Rules) => void;
  readonly log: Logger;
}

/**
 * Takes changed files over while the hub runs: all that can fail is done before anything changes, and what fails leaves
 * the old in force and is said until it is mended.
 */
export function startReloading<Rules extends object>(options: ReloadingOptions<Rules>): Reloading {
  const faults = { configuration: null as string | null, rules: null as string | null };
  const { log } = options;
  const reloadConfig = async (): Promise<void> => {
    try {
      options.applyConfig(await options.loadConfig());
      faults.configuration = null;
      log.info({}, 'configuration reloaded');
    } catch (error) {
      faults.configuration = error instanceof InvalidConfig ? firstLine(error.message) : String(error);
      log.error({ err: error }, 'the changed configuration is not valid; the old one stays in force');
    }
  };
  const reloadRules = async (): Promise<void> => {
    const loaded = await options.loadRules();
    if ('findings' in loaded) {
      faults.rules = loaded.findings.map(({ file, line, reason }) => `${file}:${line} ${reason}`)[0] ?? null;
      log.error({ findings: loaded.findings }, 'the changed rules are not valid; the old ones stay in force');
      return;
    }
    options.applyRules(loaded);
    faults.rules = null;
    log.info({}, 'rules reloaded');
  };
  const watched = (directory: string, reload: () => Promise<void>) =>
    watchDirectory(
      directory,
      () => reload().catch((error: unknown) => log.error({ err: error }, 'reload failed')),
      (error) => log.warn({ err: error, directory }, 'changes of files are not noticed; restart to take them over'),
    );
  const watchers = [watched(options.configDir, reloadConfig), watched(options.rulesDir, reloadRules)];
  return {
    faults,
    close: () => {
      for (const watcher of watchers) watcher.close();
    },
  };
}

export interface Reloading {
  /** Why changed files are not in force; null when they are. */
  readonly faults: { readonly configuration: string | null; readonly rules: string | null };
  close(): void;
}

const firstLine = (text: string) => text.split('\n')[0] ?? text;
