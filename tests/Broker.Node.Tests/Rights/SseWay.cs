using System.Net;

namespace Broker.Node.Tests.Rights;

/// <summary>Event streams.</summary>
public sealed class SseWay(RightsNode node) : Way(node)
{
    public override IReadOnlyList<Who> Whos => HttpCredentials.Whos;

    public override IReadOnlyList<Deed> Deeds { get; } = [Deed.Subscribe];

    public override async Task<bool> TryAsync(Who who, Deed deed, string channel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sse?channels=" + Uri.EscapeDataString(channel));
        HttpCredentials.Add(request, who, channel);
        using var reply = await Rights.Node.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        reply.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Forbidden);
        return reply.IsSuccessStatusCode;
    }
}
