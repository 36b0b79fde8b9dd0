using System.Diagnostics;
using System.Net;
using Broker.Actors.Loops;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Queries;

/// <summary>Asks the other live nodes what only they know, and answers them.</summary>
internal sealed class PeerQuestions(LocalNode node, Loop loop) : Actor(loop)
{
    private readonly Dictionary<long, PeerAnswers> _open = [];
    private IReadOnlyList<Incarnation> _others = [];
    private long _lastTicket;

    protected override void Receive(object message)
    {
        switch (message)
        {
            case PeerQuestion.Ask ask: Ask(ask); break;
            case PeerQuestion.Item item: Take(item.From, item.What); break;
            case PeerQuestion.Answered answered: Send(answered.To, answered.Answer); break;
            case PeerQuestion.Peers peers: _others = peers.Others; break;
            case PeerQuestion.NodeGone gone: Lose(gone.Node); break;
            case PeerQuestion.Forget forget: Forget(forget.Answers); break;
            default: throw new UnreachableException();
        }
    }

    private void Ask(PeerQuestion.Ask ask)
    {
        var ticket = ++_lastTicket;
        _open.Add(ticket, ask.Answers);
        ask.Answers.Expect(_others);
        var item = ItemOf(ticket, ask.Query);
        foreach (var other in _others)
        {
            Send(other, item);
        }
    }

    private void Take(Incarnation from, NodeItem item)
    {
        if (item is NodeItem.Answered answered)
        {
            _open.GetValueOrDefault(answered.Ticket)?.Add(from, AnswerOf(answered));
        }
        else if (item is NodeItem.Ask ask)
        {
            _ = AnswerAsync(from, ask);
        }
    }

    /// <summary>Off the loop: the other loops take a moment.</summary>
    private async Task AnswerAsync(Incarnation from, NodeItem.Ask ask)
    {
        var answer = QueryOf(ask) is { } query
            ? ItemOf(ask, await node.Questions.AskHereAsync(query))
            : new NodeItem.Answered(ask.Ticket, ask.Kind, 0, [], IsPartial: true);   // of a later release
        Tell(new PeerQuestion.Answered(from, answer));
    }

    private void Lose(Incarnation gone)
    {
        _others = [.. _others.Where(other => other != gone)];
        foreach (var answers in _open.Values)
        {
            answers.Lose(gone);
        }
    }

    private void Forget(PeerAnswers answers)
    {
        foreach (var (ticket, open) in _open)
        {
            if (open == answers)
            {
                _open.Remove(ticket);   // allowed while enumerating
            }
        }
    }

    private void Send(Incarnation to, NodeItem item) => node.Ports[Loop.Index].Send(to, default, item);

    private static NodeItem.Ask ItemOf(long ticket, NodeQuery query) => query switch
    {
        NodeQuery.Broadcast broadcast => new NodeItem.Ask(
            ticket, QuestionKind.Broadcast, query.App, Channel: null, broadcast.Data, broadcast.OncePerClient),
        NodeQuery.Channels => new NodeItem.Ask(ticket, QuestionKind.Channels, query.App, Channel: null, default, OncePerClient: false),
        NodeQuery.Subscribers subscribers => new NodeItem.Ask(
            ticket, QuestionKind.Subscribers, query.App, subscribers.Channel, default, OncePerClient: false),
        _ => throw new UnreachableException(),
    };

    private static NodeQuery? QueryOf(NodeItem.Ask ask) => ask.Kind switch
    {
        QuestionKind.Broadcast => new NodeQuery.Broadcast(ask.App, ask.Data, ask.OncePerClient),
        QuestionKind.Channels => new NodeQuery.Channels(ask.App),
        QuestionKind.Subscribers => new NodeQuery.Subscribers(ask.App, ask.Channel),
        _ => null,
    };

    private static NodeItem.Answered ItemOf(NodeItem.Ask ask, NodeAnswer answer) => answer switch
    {
        NodeAnswer.Delivered delivered => new NodeItem.Answered(ask.Ticket, ask.Kind, delivered.Copies, [], answer.IsPartial),
        NodeAnswer.ChannelNames names => new NodeItem.Answered(ask.Ticket, ask.Kind, 0, [.. names.Names], answer.IsPartial),
        NodeAnswer.Addresses addresses => new NodeItem.Answered(
            ask.Ticket, ask.Kind, 0, [.. addresses.Remotes.Select(remote => remote.ToString())], answer.IsPartial),
        _ => throw new UnreachableException(),
    };

    private static NodeAnswer AnswerOf(NodeItem.Answered answered) => answered.Kind switch
    {
        QuestionKind.Broadcast => new NodeAnswer.Delivered(answered.Copies, answered.IsPartial),
        QuestionKind.Channels => new NodeAnswer.ChannelNames(answered.Texts, answered.IsPartial),
        _ => new NodeAnswer.Addresses(
            [.. answered.Texts.Select(text => IPEndPoint.TryParse(text, out var remote) ? remote : null).OfType<IPEndPoint>()], answered.IsPartial),
    };
}
