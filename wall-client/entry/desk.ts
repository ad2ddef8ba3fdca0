import { connectHub } from '../connection/connect-hub.ts';
import { loadFonts } from '../elements/fonts.ts';
import { installTheme } from '../elements/theme.ts';
import { chooseLanguage, language, setLanguage } from '../i18n/language.ts';
import { createHubState } from '../state/hub-state.ts';
import '../views/desk/ops-desk-page.ts';

setLanguage(chooseLanguage(location.search, localStorage.getItem('language')));
document.documentElement.lang = language();
installTheme('night');
void loadFonts();

const connection = connectHub({ origin: location.origin });
const page = document.createElement('ops-desk-page');
Object.assign(page, { connection, hub: createHubState(connection) });
document.body.append(page);
