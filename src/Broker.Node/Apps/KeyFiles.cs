using Broker.Actors.Tokens;
using Broker.Node.Settings;

namespace Broker.Node.Apps;

/// <summary>
/// Looks at the files that hold keys of tokens again and again, and takes those that changed. A file that is no good any
/// more is logged once, and changes nothing: the app's keys stay as they were. Read whole, so that it does not matter how a file is replaced.
/// </summary>
internal sealed partial class KeyFiles(BrokerOptions options, AppDirectory apps, TimeProvider time, ILogger<KeyFiles> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, string> _taken = options.Apps
        .Where(app => app.Tokens.Any(key => key.KeyFile is not null))
        .ToDictionary(app => app.Id, app => Fingerprint(AppKeys.ReadTokens(app).Select(read => read.Key)), StringComparer.Ordinal);

    private readonly HashSet<string> _problems = new(StringComparer.Ordinal);

    /// <summary>Looks once.</summary>
    public void Look()
    {
        foreach (var (i, app) in options.Apps.Index())
        {
            if (_taken.ContainsKey(app.Id))
            {
                Look(app, $"Broker:Apps:{i}");
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_taken.Count == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node ends.
        }
    }

    private void Look(AppOptions app, string path)
    {
        var read = AppKeys.ReadTokens(app).ToArray();
        var isWhole = true;
        foreach (var (i, (key, wrong)) in read.Index())
        {
            var setting = $"{path}:Tokens:{i}";
            if (key is not null)
            {
                _problems.Remove(setting);
            }
            else
            {
                isWhole = false;
                if (_problems.Add(setting))
                {
                    LogKept($"{setting}:{wrong!.Value.Setting}", wrong.Value.Problem);
                }
            }
        }

        var fingerprint = Fingerprint(read.Select(one => one.Key));
        if (isWhole && _taken[app.Id] != fingerprint)
        {
            _taken[app.Id] = fingerprint;
            apps.Tokens.Set(app.Id, new TokenVerifier([.. read.Select(one => one.Key!)], AppKeys.Rules(options.Tokens)));
            LogTaken(app.Id, read.Length);
        }
    }

    private static string Fingerprint(IEnumerable<TokenKey?> keys) => string.Join(' ', keys.Select(key => key?.Signature.Fingerprint));

    [LoggerMessage(EventId = 4301, Level = LogLevel.Information, Message = "The app {App} has new keys for tokens, {Count} in all")]
    private partial void LogTaken(string app, int count);

    [LoggerMessage(EventId = 4302, Level = LogLevel.Warning, Message = "{Setting} {Problem}; the app's keys stay as they were")]
    private partial void LogKept(string setting, string problem);
}
