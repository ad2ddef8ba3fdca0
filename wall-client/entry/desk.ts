import { connectHub } from '../connection/connect-hub.ts';
import { loadFonts } from '../elements/fonts.ts';
import { chooseLanguage, language, setLanguage } from '../i18n/language.ts';
import { createHubState } from '../state/hub-state.ts';
import { followScheme } from '../views/desk/follow-scheme.ts';
import '../views/desk/ops-desk-page.ts';
import { trustOwnScripts } from './own-scripts.ts';

trustOwnScripts();
setLanguage(chooseLanguage(location.search, localStorage.getItem('language')));
document.documentElement.lang = language();
followScheme();
void loadFonts();

const connection = connectHub({ origin: location.origin });
const page = document.createElement('ops-desk-page');
Object.assign(page, { connection, hub: createHubState(connection) });
document.body.append(page);
