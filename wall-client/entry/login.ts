import { loadFonts } from '../elements/fonts.ts';
import { deskText } from '../i18n/desk-texts.ts';
import { chooseLanguage, language, setLanguage } from '../i18n/language.ts';
import { followScheme } from '../views/desk/follow-scheme.ts';
import '../views/login/ops-login-page.ts';

setLanguage(chooseLanguage(location.search, localStorage.getItem('language')));
document.documentElement.lang = language();
document.title = `${deskText('login.title')} – ${deskText('short')}`;
followScheme();
void loadFonts();
document.body.append(document.createElement('ops-login-page'));
