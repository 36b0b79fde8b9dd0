using Broker.Actors;
using Broker.Actors.Dialects.WebRocket;
using Broker.Node.Hosting;
using Broker.Node.Settings;
using Microsoft.Extensions.Options;

namespace Broker.Node.WebRocket;

/// <summary>
/// Looks at the files of settings again and again, at what they say and not at their dates, and has the hubs take their users and secrets.
/// Files that are no good any more are logged, and change nothing. Nothing else of them is taken before a restart.
/// </summary>
internal sealed partial class HubReload : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly IConfiguration _configuration;
    private readonly IValidateOptions<BrokerOptions> _check;
    private readonly HubTable _hubs;
    private readonly LocalNode _node;
    private readonly TimeProvider _time;
    private readonly ILogger<HubReload> _logger;
    private readonly SettingsFiles _files;

    public HubReload(
        IConfiguration configuration, IValidateOptions<BrokerOptions> check, HubTable hubs, LocalNode node, TimeProvider time, ILogger<HubReload> logger)
    {
        _configuration = configuration;
        _check = check;
        _hubs = hubs;
        _node = node;
        _time = time;
        _logger = logger;
        _files = new SettingsFiles(configuration);
    }

    /// <summary>Looks once; returns when sessions that lost something have been told. One caller at a time.</summary>
    public async Task LookAsync()
    {
        if (!_files.HaveChanged())
        {
            return;
        }

        var options = new BrokerOptions();
        var reader = new SettingsReader(_configuration);
        if (_files.Load() is { } unreadable)
        {
            LogKept(unreadable);
            return;
        }

        reader.Read(_configuration.GetSection(BrokerOptions.Section), options);
        var failures = reader.Failures.Count > 0 ? reader.Failures : [.. _check.Validate(Options.DefaultName, options).Failures ?? []];
        if (failures.Count > 0)
        {
            LogKept(failures[0]);
            return;
        }

        var restart = _hubs.Take(options);
        await _node.TellAllAsync<WebRocketSession>(static session => session.HubChanged());
        LogTaken();
        if (restart.Count > 0)
        {
            LogRestart(string.Join(", ", restart));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_files.AreNone)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, _time);
        await using var stop = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            await LookAsync();
        }
    }

    [LoggerMessage(EventId = 4301, Level = LogLevel.Information, Message = "The files of settings have changed: WebRocket's hubs have taken their users and secrets")]
    private partial void LogTaken();

    [LoggerMessage(EventId = 4302, Level = LogLevel.Error, Message = "The files of settings have changed and are no good, so that WebRocket's hubs stay what they were: {Problem}")]
    private partial void LogKept(string problem);

    [LoggerMessage(EventId = 4303, Level = LogLevel.Warning, Message = "These hubs of WebRocket are new, gone or moved to another app, which takes a restart; until then nobody can come in by those that are gone: {Paths}")]
    private partial void LogRestart(string paths);
}
