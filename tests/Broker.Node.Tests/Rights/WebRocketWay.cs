using Broker.Node.Tests.WebRocket;

namespace Broker.Node.Tests.Rights;

/// <summary>A hub of WebRocket with the channels of the app <c>default</c>, whose clients bring no proofs for single channels.</summary>
/// <param name="version">1 or 2.</param>
public sealed class WebRocketWay(RightsNode node, int version) : Way(node)
{
    /// <summary>Version 1 has no access that only writes.</summary>
    public override IReadOnlyList<Who> Whos { get; } =
        version == 1 ? [Who.NotAuthenticated, Who.Reader, Who.ReaderAndWriter] : [Who.NotAuthenticated, Who.Reader, Who.Writer, Who.ReaderAndWriter];

    public override IReadOnlyList<Deed> Deeds { get; } = [Deed.Subscribe, Deed.Publish];

    public override async Task<bool> TryAsync(Who who, Deed deed, string channel)
    {
        await using var client = await ConnectAsync(who);
        if (deed == Deed.Publish)
        {
            // Only where somebody has been.
            await using var other = await ConnectAsync(Who.Reader);
            IsDone(await other.AskAsync($$$"""{"subscribe":{"channel":"{{{channel}}}"}}""")).ShouldBeTrue();
            return IsDone(await client.AskAsync(
                $$$"""{"{{{(version == 1 ? "publish" : "broadcast")}}}":{"event":"e","channel":"{{{channel}}}","data":1}}"""));
        }

        return IsDone(await client.AskAsync($$$"""{"subscribe":{"channel":"{{{channel}}}"}}"""));
    }

    private Task<RocketClient> ConnectAsync(Who who)
    {
        var hub = Rights.Node.Socket($"{WebRocketHubs.Shared}?v={version}");
        return (version, who) switch
        {
            (_, Who.NotAuthenticated) => RocketClient.ConnectAsync(hub),
            (1, Who.Reader) => RocketClient.ConnectAsync(hub, "read-only", "read-secret"),
            (1, _) => RocketClient.ConnectAsync(hub, "read-write", "rw-secret"),
            (_, Who.Reader) => RocketClient.ConnectAsync(hub, "front", "read-secret"),
            (_, Who.Writer) => RocketClient.ConnectAsync(hub, "wo", "w"),
            _ => RocketClient.ConnectAsync(hub, "back", "rw-secret"),
        };
    }

    private bool IsDone(System.Text.Json.Nodes.JsonNode answer)
    {
        if (answer["err"] is not { } error)
        {
            return true;
        }

        error.GetValue<string>().ShouldBe(version == 1 ? "access_denied" : "ACCESS_DENIED");
        return false;
    }
}
