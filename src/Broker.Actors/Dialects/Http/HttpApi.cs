using System.Diagnostics;
using System.Text;
using System.Text.Unicode;
using Broker.Actors.Channels;
using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Dialects.Native;
using Broker.Actors.Loops;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Dialects.Http;

/// <summary>
/// The HTTP API: what is POSTed to <c>/api/...</c>, see docs/http-api.md. Knows no HTTP server; the node gives it bodies and sends
/// its answers. From any thread. Each method returns null when the answer is there, else why not.
/// </summary>
public sealed class HttpApi(HttpApiOptions options, IIngress ingress)
{
    private static readonly JsonRpcSignature HistoryMembers = new(required: 0, ["channel", "since", "limit", "direction", "app"]);
    private static readonly JsonRpcSignature ChannelMembers = new(required: 0, ["channel", "app"]);
    private static readonly JsonRpcSignature ChannelsMembers = new(required: 0, ["pattern", "limit", "app"]);
    private static readonly JsonRpcSignature DisconnectMembers = new(required: 0, ["user", "code", "reason", "app"]);
    private static readonly JsonRpcSignature UnsubscribeMembers = new(required: 0, ["user", "channel", "app"]);

    private readonly PublishReader _publishes = new(options);

    /// <summary>One event to one channel, or to each of several.</summary>
    public async ValueTask<ApiProblem?> PublishAsync(ApiCall call)
    {
        var app = AppOf(call);
        var publications = new List<Publication>(1);
        var isOne = false;
        var caller = (Identity)Identity.Anonymous.Instance;
        var problem = NotText(call) ?? _publishes.ReadPublish(call.Body, ref app, publications, out isOne) ?? call.Caller.Identify(app, out caller);
        if (problem is not null)
        {
            return problem;
        }

        if (!isOne)
        {
            return await PublishAllAsync(call, caller, publications);
        }

        var result = await EmitAsync(call, caller, publications[0]);
        if (result.Refusal != Refusal.None)
        {
            return ApiProblem.Of(result.Refusal) with { Pointer = PointerOf(result.Refusal) };
        }

        NativeResult.Emitted(call.Answer, result);
        return null;
    }

    /// <summary>Several events; those to one channel in their order.</summary>
    public async ValueTask<ApiProblem?> BatchAsync(ApiCall call)
    {
        var app = AppOf(call);
        var publications = new List<Publication>();
        var caller = (Identity)Identity.Anonymous.Instance;
        return (NotText(call) ?? _publishes.ReadBatch(call.Body, ref app, publications) ?? call.Caller.Identify(app, out caller))
            ?? await PublishAllAsync(call, caller, publications);
    }

    public async ValueTask<ApiProblem?> HistoryAsync(ApiCall call)
    {
        var problem = ReadHistory(call, out var caller, out var channel, out var since, out var limit, out var isBackward);
        if (problem is not null)
        {
            return problem;
        }

        var page = await ingress.HistoryAsync(caller, channel, since, limit, isBackward);
        if (page.Refusal != Refusal.None)
        {
            return ApiProblem.Of(page.Refusal) with { Pointer = PointerOf(page.Refusal) };
        }

        NativeResult.History(call.Answer, page);
        return null;
    }

    public ValueTask<ApiProblem?> PresenceAsync(ApiCall call) => PresenceAsync(call, NativeResult.Presence);

    /// <summary>The numbers of <see cref="PresenceAsync(ApiCall)"/> without the members.</summary>
    public ValueTask<ApiProblem?> PresenceStatsAsync(ApiCall call) => PresenceAsync(call, ApiAnswer.PresenceStats);

    /// <summary>The channels that have subscribers, over all nodes. For backends.</summary>
    public async ValueTask<ApiProblem?> ChannelsAsync(ApiCall call)
    {
        var problem = ReadChannels(call, out var caller, out var query, out var limit);
        if (problem is not null)
        {
            return problem;
        }

        switch (await ingress.AskAsync(caller, query!))
        {
            case NodeAnswer.ChannelCounts counts:
                ApiAnswer.Channels(call.Answer, counts, limit);
                return null;
            case NodeAnswer.Refused refused:
                return ApiProblem.Of(refused.Refusal);
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Closes every session of a user, on all nodes. For backends.</summary>
    public ValueTask<ApiProblem?> DisconnectAsync(ApiCall call)
    {
        var problem = ReadDisconnect(call, out var caller, out var query);
        return problem is null ? EndAsync(call, caller, query!, "sessions") : ValueTask.FromResult<ApiProblem?>(problem);
    }

    /// <summary>Ends a user's subscriptions of a channel, on all nodes. For backends.</summary>
    public ValueTask<ApiProblem?> UnsubscribeAsync(ApiCall call)
    {
        var problem = ReadUnsubscribe(call, out var caller, out var query);
        return problem is null ? EndAsync(call, caller, query!, "subscriptions") : ValueTask.FromResult<ApiProblem?>(problem);
    }

    private async ValueTask<ApiProblem?> PublishAllAsync(ApiCall call, Identity caller, List<Publication> publications)
    {
        // All are given to their channels before the first is waited for.
        var results = publications.Select(publication => EmitAsync(call, caller, publication).AsTask()).ToArray();
        for (var i = 0; i < results.Length; i++)
        {
            ApiAnswer.Published(call.Answer, publications[i].Channel, await results[i]);
        }

        ApiAnswer.EndPublished(call.Answer);
        return null;
    }

    private ValueTask<EmitResult> EmitAsync(in ApiCall call, Identity caller, in Publication publication) =>
        call.Caller.MayPublishNow(publication.Channel.App, caller)
            ? ingress.EmitAsync(caller, publication.Channel, publication.Name, publication.Data, publication.Key)
            : ValueTask.FromResult(EmitResult.Refused(Refusal.TooManyPublishes));

    private async ValueTask<ApiProblem?> PresenceAsync(ApiCall call, Action<PayloadWriter, PresencePage> write)
    {
        var problem = ReadChannel(call, out var caller, out var channel);
        if (problem is not null)
        {
            return problem;
        }

        var page = await ingress.PresenceAsync(caller, channel);
        if (page.Refusal != Refusal.None)
        {
            return ApiProblem.Of(page.Refusal) with { Pointer = PointerOf(page.Refusal) };
        }

        write(call.Answer, page);
        return null;
    }

    private async ValueTask<ApiProblem?> EndAsync(ApiCall call, Identity caller, NodeQuery query, string what)
    {
        switch (await ingress.AskAsync(caller, query))
        {
            case NodeAnswer.Ended ended:
                ApiAnswer.Ended(call.Answer, Encoding.ASCII.GetBytes(what), ended);
                return null;
            case NodeAnswer.Refused refused:
                return ApiProblem.Of(refused.Refusal);
            default:
                throw new UnreachableException();
        }
    }

    private ApiProblem? ReadHistory(
        ApiCall call, out Identity caller, out ChannelName channel, out Position? since, out int limit, out bool isBackward)
    {
        (channel, since, limit, isBackward) = (default, null, 0, false);
        if (Read(call, HistoryMembers, appSlot: 4, out var members, out var app, out caller) is { } problem)
        {
            return problem;
        }

        if (ApiParams.Required(members[0], "/channel", out var name) is { } wrong)
        {
            return wrong;
        }

        channel = new ChannelName(app, name);
        return !NativeParams.TryReadSince(members[1], out since) ? ApiProblem.Bad("/since", "is not a position that the broker gave")
            : !NativeParams.TryReadLimit(members[2], options.HistoryLimit, out limit) ? ApiProblem.Bad("/limit", "is not a whole number from 0")
            : !NativeParams.TryReadDirection(members[3], out isBackward) ? ApiProblem.Bad("/direction", "is neither forward nor backward")
            : null;
    }

    private ApiProblem? ReadChannel(ApiCall call, out Identity caller, out ChannelName channel)
    {
        channel = default;
        if (Read(call, ChannelMembers, appSlot: 1, out var members, out var app, out caller) is { } problem)
        {
            return problem;
        }

        var wrong = ApiParams.Required(members[0], "/channel", out var name);
        channel = new ChannelName(app, name);
        return wrong;
    }

    private ApiProblem? ReadChannels(ApiCall call, out Identity caller, out NodeQuery.Counts? query, out int limit)
    {
        (query, limit) = (null, 0);
        if (Read(call, ChannelsMembers, appSlot: 2, out var members, out var app, out caller) is { } problem)
        {
            return problem;
        }

        if (ApiParams.Optional(members[0], "/pattern", out var pattern) is { } wrong)
        {
            return wrong;
        }

        query = new NodeQuery.Counts(app, pattern ?? "*");
        return NativeParams.TryReadLimit(members[1], options.ChannelsLimit, out limit) ? null : ApiProblem.Bad("/limit", "is not a whole number from 0");
    }

    private ApiProblem? ReadDisconnect(ApiCall call, out Identity caller, out NodeQuery.Disconnect? query)
    {
        query = null;
        if (Read(call, DisconnectMembers, appSlot: 3, out var members, out var app, out caller) is { } problem)
        {
            return problem;
        }

        string? text = null;
        if ((ApiParams.Required(members[0], "/user", out var user) ?? ApiParams.Optional(members[2], "/reason", out text)) is { } wrong)
        {
            return wrong;
        }

        if (!NativeParams.TryReadLimit(members[1], Disconnect.ByOperator.Code, out var code)
            || Disconnect.Find(code) is not { } reason
            || (reason != Disconnect.ByOperator && reason != Disconnect.SentAway))
        {
            return ApiProblem.Bad("/code", $"is neither {Disconnect.ByOperator.Code} nor {Disconnect.SentAway.Code}");
        }

        if (text is not null && Encoding.UTF8.GetByteCount(text) > Disconnect.MaxReasonBytes)
        {
            return ApiProblem.Bad("/reason", $"is longer than {Disconnect.MaxReasonBytes} bytes");
        }

        query = new NodeQuery.Disconnect(app, user, text is null ? reason : reason with { Reason = text });
        return null;
    }

    private ApiProblem? ReadUnsubscribe(ApiCall call, out Identity caller, out NodeQuery.Unsubscribe? query)
    {
        query = null;
        if (Read(call, UnsubscribeMembers, appSlot: 2, out var members, out var app, out caller) is { } problem)
        {
            return problem;
        }

        var channel = "";
        var wrong = ApiParams.Required(members[0], "/user", out var user) ?? ApiParams.Required(members[1], "/channel", out channel);
        query = wrong is null ? new NodeQuery.Unsubscribe(app, channel, user) : null;
        return wrong;
    }

    /// <summary>Reads the body, and finds out who sent it.</summary>
    private ApiProblem? Read(
        ApiCall call, JsonRpcSignature signature, int appSlot, out JsonRpcParams members, out string app, out Identity caller)
    {
        (app, caller) = (AppOf(call), Identity.Anonymous.Instance);
        members = default;
        if ((NotText(call) ?? ApiBody.Read(call.Body.Span, signature, options.JsonDepth, at: "", out members)) is { } problem)
        {
            return problem;
        }

        if (ApiParams.Optional(members[appSlot], "/app", out var named) is { } wrong)
        {
            return wrong;
        }

        app = named ?? app;
        return call.Caller.Identify(app, out caller);
    }

    private string AppOf(ApiCall call) => call.App ?? options.App;

    private static ApiProblem? NotText(ApiCall call) =>
        Utf8.IsValid(call.Body.Span) ? null : ApiProblem.BadJson with { Detail = "It is not UTF-8." };

    /// <summary>The parameter that a refusal is about, where one request is about one channel.</summary>
    private static string? PointerOf(Refusal refusal) => refusal switch
    {
        Refusal.InvalidChannel => "/channel",
        Refusal.EventNameTooLong => "/event",
        Refusal.InvalidKey => "/idempotencyKey",
        Refusal.UnknownApp => "/app",
        _ => null,
    };
}
