// The stream of events; it comes back by itself when the server does.

const AGAIN = 1000; // ms

export function listen(store) {
  const source = new EventSource("/control/live");
  source.onmessage = ({ data }) => {
    if (!store.connected) store.setConnected(true);
    store.take(JSON.parse(data));
  };
  source.onerror = () => {
    if (store.connected || !store.ready) store.setConnected(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN, store);
  };
}
