using System.Text;
using Broker.Actors.Channels;
using Broker.Actors.Dialects;
using Broker.Actors.Queries;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.TestKit.Sessions;

/// <summary>
/// A session of the test's dialect. Sends a line for each answer, so that the client's record holds answers and events
/// in one order: <c>ok sub</c>, <c>no sub Forbidden</c> and so on, with the call's text behind.
/// </summary>
public sealed class TextSession(ISessionContext context) : IDialectSession
{
    /// <summary>The session's commands, for its loop only.</summary>
    public ISessionContext Context => context;

    /// <summary>Called for every message of the client.</summary>
    public Action<string>? OnReceived { get; set; }

    /// <summary>Called before an answer is written; its first argument is the kind: sub, unsub, emit, history, presence, ask, closed.</summary>
    public Action<string, object?>? OnAnswer { get; set; }

    public SubscribeResult LastSubscribed { get; private set; }

    public EmitResult LastEmitted { get; private set; }

    public HistoryPage? LastHistory { get; private set; }

    public PresencePage? LastPresence { get; private set; }

    public NodeAnswer? LastAnswer { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>Called first in the session's life.</summary>
    public Action<TextSession>? OnOpened { get; set; }

    public void Opened() => OnOpened?.Invoke(this);

    public void Received(ReadOnlySpan<byte> payload, FrameKind kind) => OnReceived?.Invoke(Encoding.UTF8.GetString(payload));

    public void Subscribed(ChannelName channel, object? call, in SubscribeResult result)
    {
        LastSubscribed = result;
        OnAnswer?.Invoke("sub", call);
        Say(result.Refusal == Refusal.None
            ? $"ok sub {call} @{result.Position.Offset}{(result.Recovered ? " recovered" : "")}"
            : $"no sub {call} {result.Refusal}");
    }

    public void Unsubscribed(ChannelName channel, object call)
    {
        OnAnswer?.Invoke("unsub", call);
        Say($"ok unsub {call}");
    }

    public void Emitted(object call, in EmitResult result)
    {
        LastEmitted = result;
        OnAnswer?.Invoke("emit", call);
        Say(result.Refusal == Refusal.None ? $"ok emit {call} @{result.Position.Offset}" : $"no emit {call} {result.Refusal}");
    }

    public void History(object call, HistoryPage page)
    {
        LastHistory = page;
        OnAnswer?.Invoke("history", call);
        Say($"history {call} {page.Refusal} @{page.Position.Offset} [{string.Join(' ', page.Events.Select(item => item.Offset))}]");
    }

    public void Presence(object call, PresencePage page)
    {
        LastPresence = page;
        OnAnswer?.Invoke("presence", call);
        var users = page.Members.Select(member => $"{member.UserId}:{member.Connections}").Order(StringComparer.Ordinal);
        Say($"presence {call} {page.Refusal} [{string.Join(' ', users)}] {page.Connections} of {page.Subscribers}");
    }

    public void Asked(object call, NodeAnswer answer)
    {
        LastAnswer = answer;
        OnAnswer?.Invoke("ask", call);
        Say($"asked {call}");
    }

    public void Ended(ChannelName channel, SubscriptionEnd reason) => Say($"ended {channel.Text} {reason.Code}");

    public void Expiring(ChannelName? channel, long expiresAtMs) => Say($"expiring {channel?.Text ?? "session"} in {expiresAtMs - context.UnixMs}");

    public void Closed()
    {
        IsClosed = true;
        OnAnswer?.Invoke("closed", null);
    }

    private void Say(string line) => context.Send(Encoding.UTF8.GetBytes(line));
}
