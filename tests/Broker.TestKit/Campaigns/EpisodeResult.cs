using System.Globalization;
using Broker.TestKit.Histories;

namespace Broker.TestKit.Campaigns;

/// <summary>What came of an episode.</summary>
/// <param name="Schedule">The faults as they came, for people.</param>
/// <param name="IsDouble">True: two nodes were out of reach, gone or just back at once, so that what both held may be lost.</param>
/// <param name="SlowestMs">The longest that an emit waited to be acknowledged.</param>
public sealed record EpisodeResult(
    int Seed,
    int Number,
    CampaignKind Kind,
    IReadOnlyList<string> Schedule,
    bool IsDouble,
    IReadOnlyList<HistoryRecord> History,
    IReadOnlyList<Violation> Violations,
    double SlowestMs)
{
    public int Acknowledged => History.OfType<HistoryRecord.Acknowledged>().Count();

    public int Received => History.OfType<HistoryRecord.Received>().Count();

    public int Refused => History.OfType<HistoryRecord.Refused>().Count();

    /// <summary>How often a subscriber of a channel that keeps everything was told of a break.</summary>
    public int Breaks => History.OfType<HistoryRecord.Reset>().Count(reset => CampaignApp.ClassOf(reset.Channel) == ChannelClass.History);

    /// <summary>In a line.</summary>
    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"episode {Number}{(IsDouble ? " (double)" : "")}: {Acknowledged} acknowledged, {Refused} refused, {Received} received, {Breaks} breaks, slowest acknowledgement {SlowestMs:0} ms, {Violations.Count} violations");

    /// <summary>The schedule and the first violations.</summary>
    public override string ToString() => string.Join('\n',
    [
        $"Seed {Seed}, {Summary}. It does:",
        .. Schedule,
        .. Violations.Take(12).Select(violation => violation.ToString()),
        $"Again: ./campaign --seed {Seed} --from {Number} --episodes 1{Kind switch { CampaignKind.RollingRestart => " --restarts 1", CampaignKind.Outage => " --outages 1", _ => "" }}",
    ]);
}
