import type { Delivery } from '#contract/push.ts';
import type { HubHttp } from '../../connection/http.ts';
import { Observable } from '../../state/observable.ts';
import { decodeKey, type PushAbility, type PushState, pushState, sameKey } from './push-state.ts';

/** Milliseconds a service worker may take to be there. */
const WORKER_TIME = 5000;

/** What an enrolment needs of the browser. */
export interface PushBrowser {
  ability(): PushAbility;
  /** Asks the person; only inside a tap. */
  requestPermission(): Promise<NotificationPermission>;
  /** The page's service worker, once it is active. */
  registration(): Promise<ServiceWorkerRegistration>;
}

/** This phone's push subscription: made, tested and ended here, and told to the hub each time. */
export class PushEnrolment extends Observable {
  readonly #http: HubHttp;
  readonly #browser: PushBrowser;
  #id: string | null = null;

  constructor(http: HubHttp, browser: PushBrowser) {
    super();
    this.#http = http;
    this.#browser = browser;
  }

  get state(): PushState {
    return pushState(this.#browser.ability(), this.#id !== null);
  }

  /**
   * Looks what there is, and tells the hub of an existing subscription again: it may have been renewed while the page
   * was closed, or the hub's record lost. Silent when the hub cannot be reached; the state then says `off`.
   */
  async refresh(): Promise<void> {
    if (this.#browser.ability().permission !== 'granted') return this.#set(null);
    const registration = await this.#browser.registration();
    const subscription = await registration.pushManager.getSubscription();
    if (subscription === null) return this.#set(null);
    await this.#tellHub(subscription);
  }

  /** Asks for permission and subscribes. @throws HttpError of the hub, or DOMException of the push service. */
  async enable(): Promise<void> {
    const permission = await this.#browser.requestPermission();
    if (permission !== 'granted') return this.changed();
    const { key } = await this.#http.get<{ readonly key: string }>('/push-key');
    const applicationServerKey = decodeKey(key);
    const registration = await this.#browser.registration();
    const existing = await registration.pushManager.getSubscription();
    // Made for another key, such as that of a hub set up anew: every push to it would be refused.
    if (existing !== null && !sameKey(existing.options.applicationServerKey, applicationServerKey)) {
      await existing.unsubscribe();
    }
    const options = { userVisibleOnly: true, applicationServerKey };
    await this.#tellHub(await registration.pushManager.subscribe(options));
  }

  /** Has the hub send a test. @returns what the push service said. @throws HttpError */
  async test(): Promise<Delivery> {
    if (this.#id === null) throw new Error('this phone is not enrolled');
    return await this.#http.post<Delivery>(`/push-subscriptions/${this.#id}/test`);
  }

  /** Ends the subscription at the push service first: even if the hub cannot be told, this phone stays silent. */
  async disable(): Promise<void> {
    const { ability, registration } = this.#browser;
    if (!ability().serviceWorker || !ability().pushManager) return;
    const subscription = await (await registration()).pushManager.getSubscription();
    await subscription?.unsubscribe();
    const id = this.#id;
    this.#set(null);
    if (id !== null) await this.#http.delete(`/push-subscriptions/${id}`);
  }

  async #tellHub(subscription: PushSubscription): Promise<void> {
    const { id } = await this.#http.post<{ readonly id: string }>('/push-subscriptions', subscription.toJSON());
    this.#set(id);
  }

  #set(id: string | null): void {
    this.#id = id;
    this.changed();
  }
}

/** {@link PushBrowser} of the page. */
export const pagePushBrowser: PushBrowser = {
  ability: () => ({
    secure: isSecureContext,
    serviceWorker: 'serviceWorker' in navigator,
    pushManager: 'PushManager' in globalThis,
    notification: 'Notification' in globalThis,
    permission: 'Notification' in globalThis ? Notification.permission : 'default',
    // An iPad says it is a Mac; no Mac has a touch screen.
    apple:
      /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1),
    installed: matchMedia('(display-mode: standalone)').matches,
  }),
  requestPermission: () => Notification.requestPermission(),
  registration: () =>
    Promise.race([
      navigator.serviceWorker.ready,
      // `ready` waits for ever where the worker could not be registered.
      new Promise<never>((_, reject) => setTimeout(() => reject(new Error('no service worker')), WORKER_TIME)),
    ]),
};
