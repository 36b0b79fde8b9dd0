using System.Net;
using System.Text;

namespace Broker.Node.Tests.Rights;

/// <summary>The HTTP API.</summary>
public sealed class HttpApiWay(RightsNode node) : Way(node)
{
    public override IReadOnlyList<Who> Whos => HttpCredentials.Whos;

    public override IReadOnlyList<Deed> Deeds { get; } = [Deed.Publish, Deed.ReadHistory, Deed.ReadPresence];

    public override async Task<bool> TryAsync(Who who, Deed deed, string channel)
    {
        var (path, rest) = deed switch
        {
            Deed.Publish => ("/api/publish", ""","event":"e","data":1"""),
            Deed.ReadHistory => ("/api/history", ""),
            _ => ("/api/presence", ""),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent($$"""{"channel":"{{channel}}"{{rest}}}""", Encoding.UTF8, "application/json"),
        };
        HttpCredentials.Add(request, who, channel);
        using var reply = await Rights.Node.Http.SendAsync(request);
        reply.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Forbidden);
        return reply.IsSuccessStatusCode;
    }
}
