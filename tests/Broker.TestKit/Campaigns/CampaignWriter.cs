using System.Globalization;

namespace Broker.TestKit.Campaigns;

/// <summary>
/// Emits into channels as it comes. About half of its emits have a key: whatever does not end well is sent again under it, over the next
/// connection if need be. The others are sent once.
/// </summary>
internal sealed class CampaignWriter(CampaignEpisode episode, string name, double meanMs) : CampaignClient(episode, name)
{
    private const int MaxAttempts = 25;

    private readonly Dictionary<string, OpenEmit> _open = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>True: nothing new is emitted; what is open is finished.</summary>
    public bool IsDone { get; set; }

    public bool HasOpen
    {
        get
        {
            lock (Gate)
            {
                return _open.Count > 0;
            }
        }
    }

    protected override (double FromMs, double ToMs) LookAfterMs => (1_000, 3_000);

    /// <summary>Emits until it is done.</summary>
    public async Task EmitAsync()
    {
        while (!IsDone && !Episode.Over.IsCancellationRequested)
        {
            await WaitAsync(meanMs / 10, meanMs * 1.9);
            lock (Gate)
            {
                if (IsConnected && !IsDone)
                {
                    EmitOne();
                }
            }
        }
    }

    protected override void Arrived()
    {
        foreach (var open in _open.Values)
        {
            TryAgain(open, 1, 20);
        }
    }

    protected override void Left()
    {
        foreach (var open in _open.Values.Where(open => open.Key is null).ToArray())
        {
            _open.Remove(open.Event);
        }
    }

    protected override (double FromMs, double ToMs) BackAfterMs() => (10, 400);

    /// <summary>A node that says nothing for long is left for another.</summary>
    protected override Going Look() => Node?.IsSuspended is true && Chance(0.6) ? Going.Break : Going.Stay;

    protected override void Answered(string channel, string name, bool isTaken)
    {
        if (!_open.TryGetValue(name, out var open))
        {
            return;
        }

        if (isTaken || open.Key is null || open.Attempts >= MaxAttempts)
        {
            _open.Remove(name);
        }
        else
        {
            TryAgain(open, 20, 300);
        }
    }

    private void EmitOne()
    {
        var number = ++_count;
        var open = new OpenEmit(
            Pick(Episode.Channels),
            string.Create(CultureInfo.InvariantCulture, $"{Name}-{number}"),
            Chance(0.5) ? string.Create(CultureInfo.InvariantCulture, $"{Episode.Number}-{number}") : null);
        _open.Add(open.Event, open);
        Send(open);
    }

    private void TryAgain(OpenEmit open, double fromMs, double toMs) => Later(fromMs, toMs, () =>
    {
        if (_open.ContainsValue(open))
        {
            Send(open);
        }
    });

    private void Send(OpenEmit open)
    {
        open.Attempts++;
        Emit(open.Channel, open.Event, open.Key);
    }

    private sealed class OpenEmit(string channel, string name, string? key)
    {
        public string Channel => channel;

        public string Event => name;

        public string? Key => key;

        public int Attempts { get; set; }
    }
}
