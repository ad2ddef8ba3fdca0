import { connectHub } from '../connection/connect-hub.ts';
import { loadFonts } from '../elements/fonts.ts';
import { chooseLanguage, language, setLanguage } from '../i18n/language.ts';
import { mobileText } from '../i18n/mobile-texts.ts';
import { createHubState } from '../state/hub-state.ts';
import { followScheme } from '../views/desk/follow-scheme.ts';
import '../views/mobile/ops-phone-page.ts';
import { IndexedPhoneMemory } from '../views/mobile/phone-memory.ts';
import { PushEnrolment, pagePushBrowser } from '../views/mobile/push-enrolment.ts';
import { trustOwnScripts } from './own-scripts.ts';

trustOwnScripts();
setLanguage(chooseLanguage(location.search, localStorage.getItem('language')));
document.documentElement.lang = language();
document.title = `${mobileText('title')} – ${mobileText('short')}`;

followScheme();
void loadFonts();

if ('serviceWorker' in navigator) {
  // Without it the page still works; only pushes and the opening without a network do not.
  navigator.serviceWorker.register('/m/service-worker.js', { scope: '/m/' }).catch(() => {});
}

const connection = connectHub({ origin: location.origin });
const page = document.createElement('ops-phone-page');
Object.assign(page, {
  connection,
  hub: createHubState(connection),
  memory: new IndexedPhoneMemory(indexedDB),
  push: new PushEnrolment(connection.http, pagePushBrowser),
});
document.body.append(page);
