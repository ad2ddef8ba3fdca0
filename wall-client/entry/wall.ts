import { connectHub } from '../connection/connect-hub.ts';
import { loadFonts } from '../elements/fonts.ts';
import { installTheme } from '../elements/theme.ts';
import { chooseLanguage, language, setLanguage } from '../i18n/language.ts';
import { wallText } from '../i18n/wall-texts.ts';
import { createHubState } from '../state/hub-state.ts';
import '../views/wall/ops-wall-page.ts';
import { trustOwnScripts } from './own-scripts.ts';

/** `/wall/{wall}`; a bare `/wall` is the main one. */
function wallOf(path: string): string {
  return /^\/wall\/([a-z0-9-]+)/.exec(path)?.[1] ?? 'main';
}

trustOwnScripts();
setLanguage(chooseLanguage(location.search, null));
document.documentElement.lang = language();
document.title = wallText('wall.title');
installTheme('night');
// Letters go into the map's textures, so they must be there before the map is.
await loadFonts();

const connection = connectHub({ origin: location.origin });
const page = document.createElement('ops-wall-page');
Object.assign(page, { connection, hub: createHubState(connection), wall: wallOf(location.pathname) });
document.body.append(page);
