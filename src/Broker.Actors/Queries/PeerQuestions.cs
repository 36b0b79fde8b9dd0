using System.Diagnostics;
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
        var item = QuestionItems.Of(ticket, ask.Query);
        foreach (var other in _others)
        {
            Send(other, item);
        }
    }

    private void Take(Incarnation from, NodeItem item)
    {
        if (item is NodeItem.Answered answered)
        {
            _open.GetValueOrDefault(answered.Ticket)?.Add(from, QuestionItems.AnswerOf(answered));
        }
        else if (item is NodeItem.Ask ask)
        {
            _ = AnswerAsync(from, ask);
        }
    }

    /// <summary>Off the loop: the other loops take a moment.</summary>
    private async Task AnswerAsync(Incarnation from, NodeItem.Ask ask)
    {
        var answer = QuestionItems.QueryOf(ask) is { } query
            ? QuestionItems.Of(ask, await node.Questions.AskHereAsync(query))
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
}
