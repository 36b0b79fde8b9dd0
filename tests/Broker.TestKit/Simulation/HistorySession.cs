using System.Text;
using Broker.Actors.Channels;
using Broker.Actors.Dialects;
using Broker.Actors.Queries;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.TestKit.Simulation;

/// <summary>One connection of <see cref="HistoryDialect"/>: answers are lines too, in one order with events.</summary>
internal sealed class HistorySession(ISessionContext context) : IDialectSession
{
    public void Received(ReadOnlySpan<byte> payload, FrameKind kind)
    {
    }

    public void Subscribed(ChannelName channel, object? call, in SubscribeResult result) => Say(result.Refusal == Refusal.None
        ? $"S {channel.Text} {HistoryDialect.Text(result.Position)} {result.Recovered}"
        : $"s {channel.Text} {result.Refusal}");

    public void Unsubscribed(ChannelName channel, object call) => Say($"U {channel.Text}");

    public void Emitted(object call, in EmitResult result) => Say(result.Refusal == Refusal.None
        ? $"A {call} {HistoryDialect.Text(result.Position)}"
        : $"a {call} {result.Refusal}");

    public void History(object call, HistoryPage page) =>
        Say($"H {call} {page.Refusal}{string.Concat(page.Events.Select(ordered => $" {HistoryDialect.Text(ordered.Position)} {HistoryDialect.NameIn(ordered.Data.Span)}"))}");

    public void Presence(object call, PresencePage page) =>
        Say($"P {call} {page.Refusal}{string.Concat(page.Members.Select(member => $" {member.UserId}"))}");

    public void Asked(object call, NodeAnswer answer)
    {
    }

    public void Ended(ChannelName channel, SubscriptionEnd reason) => Say($"X {channel.Text}");

    public void Expiring(ChannelName? channel, long expiresAtMs)
    {
    }

    public void Closed()
    {
    }

    private void Say(string line) => context.Send(Encoding.ASCII.GetBytes(line));
}
