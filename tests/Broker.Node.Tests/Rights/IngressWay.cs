using Broker.Actors;
using Broker.Actors.Rights;
using Broker.Messages;
using Broker.Node.Apps;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.Rights;

/// <summary>What all of HTTP comes through: credentials become an identity, which the ingress asks for its rights.</summary>
public sealed class IngressWay(RightsNode node) : Way(node)
{
    public override IReadOnlyList<Who> Whos { get; } =
        [Who.Anonymous, Who.User, Who.UserWithGrant, Who.UserWithGrantForAnother, Who.Backend];

    public override IReadOnlyList<Deed> Deeds { get; } = [Deed.Publish, Deed.ReadHistory, Deed.ReadPresence];

    public override async Task<bool> TryAsync(Who who, Deed deed, string channel)
    {
        var ingress = Rights.Node.Services.GetRequiredService<LocalNode>().Ingress;
        var name = new ChannelName("default", channel);
        var caller = Caller(who, channel);
        var refusal = deed switch
        {
            Deed.Publish => (await ingress.EmitAsync(caller, name, "e", "1"u8.ToArray())).Refusal,
            Deed.ReadHistory => (await ingress.HistoryAsync(caller, name, since: null, 10, backward: false)).Refusal,
            _ => (await ingress.PresenceAsync(caller, name)).Refusal,
        };
        refusal.ShouldBeOneOf(Refusal.None, Refusal.Forbidden);
        return refusal == Refusal.None;
    }

    private Identity Caller(Who who, string channel)
    {
        var context = new DefaultHttpContext();
        if (who == Who.Backend)
        {
            context.Request.Headers["X-API-Key"] = RightsNode.ApiKey;
        }
        else if (who != Who.Anonymous)
        {
            context.Request.Headers.Authorization = "Bearer " + RightsNode.Token(who switch
            {
                Who.UserWithGrant => $"\"sub\":\"ann\",\"channels\":[\"{channel}\"]",
                Who.UserWithGrantForAnother => $"\"sub\":\"ann\",\"channels\":[\"{channel}x\"]",
                _ => "\"sub\":\"ann\"",
            });
        }

        return Rights.Node.Services.GetRequiredService<Callers>().Find("default", context).ShouldBeOfType<Caller.Known>().Identity;
    }
}
