using System.Globalization;
using System.Text.Json;
using Broker.Messages;
using Broker.TestKit.Deployments;
using Broker.TestKit.Histories;
using Broker.TestKit.WebSockets;

namespace Broker.TestKit.Campaigns;

/// <summary>Asks one node for everything, when everything must be whole.</summary>
internal sealed class CampaignAuditor(CampaignEpisode episode, DeployedNode node) : IAsyncDisposable
{
    private const int Page = 1_000;

    private readonly string _name = "a-" + node.Name;
    private RpcConnection? _rpc;

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        _rpc = await RpcConnection.OpenAsync(node.Url, static _ => { }, cancellationToken);
        await AskAsync("connect", CampaignApp.ConnectAs(_name), cancellationToken);
        episode.History.Add(at => new HistoryRecord.Connected(at, _name, node.Life));
    }

    /// <summary>Emits into every channel at once, again under its key while it is refused, and waits for the answers.</summary>
    /// <returns>Where the events stand.</returns>
    public async Task<IReadOnlyList<(string Channel, Position At)>> EmitIntoAllAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(episode.Channels.Select(async channel => (channel, await EmitAsync(channel, cancellationToken))));

    /// <summary>Asks for every window, whole, and for the members of every room.</summary>
    public async Task AskAllAsync(CancellationToken cancellationToken)
    {
        foreach (var channel in episode.Channels)
        {
            await AskWindowAsync(channel, cancellationToken);
            var page = await AskAsync("presence", $$"""{"channel":"{{channel}}"}""", cancellationToken);
            string[] users = [.. page.GetProperty("members").EnumerateArray().Select(member => member.GetProperty("user").GetString()!).Order(StringComparer.Ordinal)];
            episode.History.Add(at => new HistoryRecord.MembersListed(at, _name, channel, users));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_rpc is not null)
        {
            await _rpc.DisposeAsync();
        }
    }

    /// <summary>On a machine that does much else a node may take itself for cut off once more: only who never takes an emit is broken.</summary>
    private async Task<Position> EmitAsync(string channel, CancellationToken cancellationToken)
    {
        var name = $"{_name}-{channel}";
        while (true)
        {
            episode.History.Add(at => new HistoryRecord.Emitting(at, _name, channel, name, name));
            var answer = await _rpc!.CallAsync("publish", $$"""{"channel":"{{channel}}","event":"e","data":"{{name}}","idempotencyKey":"{{name}}"}""", cancellationToken);
            if (answer is null)
            {
                throw new InvalidOperationException($"{node.Life} ended the connection with {_rpc.CloseCode}");
            }

            if (answer.Value.TryGetProperty("result", out var result))
            {
                var position = RpcAnswers.PositionIn(result);
                episode.History.Add(at => new HistoryRecord.Acknowledged(at, _name, channel, name, position));
                return position;
            }
        }
    }

    private async Task AskWindowAsync(string channel, CancellationToken cancellationToken)
    {
        var positions = new List<Position>();
        var events = new List<string>();
        var since = "";
        int count;
        do
        {
            var page = await AskAsync("history", $$"""{"channel":"{{channel}}","limit":{{Page}}{{since}} }""", cancellationToken);
            var listed = page.GetProperty("events");
            count = listed.GetArrayLength();
            foreach (var one in listed.EnumerateArray())
            {
                positions.Add(RpcAnswers.PositionIn(one));
                events.Add(one.GetProperty("data").GetString()!);
            }

            if (count > 0)
            {
                since = string.Create(CultureInfo.InvariantCulture, $$""","since":{"epoch":"{{positions[^1].Epoch}}","offset":{{positions[^1].Offset}} }""");
            }
        }
        while (count == Page);
        episode.History.Add(at => new HistoryRecord.WindowListed(at, _name, channel, positions, events));
    }

    private async Task<JsonElement> AskAsync(string method, string parameters, CancellationToken cancellationToken)
    {
        var answer = await _rpc!.CallAsync(method, parameters, cancellationToken);
        return answer?.TryGetProperty("result", out var result) is true
            ? result
            : throw new InvalidOperationException($"{node.Life} answers {method} of {parameters} with {answer?.GetRawText() ?? "an end"}");
    }
}
