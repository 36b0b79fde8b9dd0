using System.Collections.Concurrent;

namespace Broker.Actors.Sessions;

/// <summary>How many sessions each app may have and has. Any thread; only apps with a limit are counted.</summary>
public sealed class AppPlaces
{
    private readonly ConcurrentDictionary<string, Places> _apps;

    /// <param name="limits">Sessions by the app's id; apps that are not named have no limit.</param>
    public AppPlaces(IEnumerable<KeyValuePair<string, int>> limits) => _apps = new ConcurrentDictionary<string, Places>(
        limits.Select(limit => KeyValuePair.Create(limit.Key, new Places(limit.Value))), StringComparer.Ordinal);

    public static AppPlaces Unlimited { get; } = new([]);

    /// <summary>Takes a place; false when there is none left.</summary>
    public bool TryTake(string app) => !_apps.TryGetValue(app, out var places) || places.TryTake();

    public void GiveBack(string app)
    {
        if (_apps.TryGetValue(app, out var places))
        {
            places.GiveBack();
        }
    }

    private sealed class Places(int max)
    {
        private int _taken;

        public bool TryTake()
        {
            if (Interlocked.Increment(ref _taken) <= max)
            {
                return true;
            }

            Interlocked.Decrement(ref _taken);
            return false;
        }

        public void GiveBack() => Interlocked.Decrement(ref _taken);
    }
}
