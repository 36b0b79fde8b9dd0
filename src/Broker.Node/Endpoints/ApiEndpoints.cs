using Broker.Actors.Dialects.Http;
using Broker.Actors.Loops;
using Broker.Node.Connections;
using Broker.Node.Origins;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Net.Http.Headers;

namespace Broker.Node.Endpoints;

/// <summary>The HTTP API, <c>/api/...</c>: docs/http-api.md, and for programs the OpenAPI document that it serves.</summary>
public static partial class ApiEndpoints
{
    public const string Root = "/api";

    /// <summary>Where the OpenAPI document is, which describes all the others.</summary>
    public const string DocumentPath = Root + "/openapi.json";

    private static readonly ObjectPool<PayloadWriter> Answers = new DefaultObjectPool<PayloadWriter>(new AnswerPolicy());

    private static readonly byte[] Document = ReadDocument();

    public static void MapHttpApi(this IEndpointRouteBuilder app)
    {
        Map(app, "publish", static (api, call) => api.PublishAsync(call));
        Map(app, "batch", static (api, call) => api.BatchAsync(call));
        Map(app, "history", static (api, call) => api.HistoryAsync(call));
        Map(app, "presence", static (api, call) => api.PresenceAsync(call));
        Map(app, "presence_stats", static (api, call) => api.PresenceStatsAsync(call));
        Map(app, "channels", static (api, call) => api.ChannelsAsync(call));
        Map(app, "disconnect", static (api, call) => api.DisconnectAsync(call));
        Map(app, "unsubscribe", static (api, call) => api.UnsubscribeAsync(call));
        app.MapGet(DocumentPath, (RequestDelegate)WriteDocumentAsync).WithDialect(HttpDialects.Api);
    }

    private static void Map(IEndpointRouteBuilder app, string name, Func<HttpApi, ApiCall, ValueTask<ApiProblem?>> method)
    {
        var api = app.ServiceProvider.GetRequiredService<HttpApi>();
        var logger = app.ServiceProvider.GetRequiredService<ILogger<HttpApi>>();
        app.MapPost($"{Root}/{name}", (RequestDelegate)(context => PostAsync(context, api, method, logger))).WithDialect(HttpDialects.Api).WithCors();
    }

    private static async Task PostAsync(HttpContext context, HttpApi api, Func<HttpApi, ApiCall, ValueTask<ApiProblem?>> method, ILogger logger)
    {
        // Also what keeps a page of another origin out: a browser asks before it sends this type.
        if (!IsJson(context.Request.ContentType))
        {
            await Problems.WriteAsync(context.Response, ApiProblem.UnsupportedMediaType);
            return;
        }

        var answer = Answers.Get();
        try
        {
            if (await CallAsync(context, api, method, answer) is { } problem)
            {
                await Problems.WriteAsync(context.Response, problem);
            }
            else
            {
                await WriteAsync(context.Response, answer.WrittenMemory);
            }
        }
#pragma warning disable CA1031 // The edge of the API: a bug in one request is one answer.
        catch (Exception fault) when (fault is not (OperationCanceledException or IOException or BadHttpRequestException))
#pragma warning restore CA1031
        {
            LogFault(logger, fault, context.Request.Path);
            if (!context.Response.HasStarted)
            {
                await Problems.WriteAsync(context.Response, ApiProblem.InternalError);
            }
        }
        finally
        {
            Answers.Return(answer);
        }
    }

    private static async ValueTask<ApiProblem?> CallAsync(
        HttpContext context, HttpApi api, Func<HttpApi, ApiCall, ValueTask<ApiProblem?>> method, PayloadWriter answer)
    {
        if (await RequestBody.ReadAsync(context) is not { } body)
        {
            return ApiProblem.BodyTooLarge;
        }

        using (body)
        {
            var app = context.Request.QueryString.HasValue ? context.Request.Query["app"].ToString() : "";
            var named = app.Length > 0 ? app : context.Features.Get<Listener>()?.App;
            return await method(api, new ApiCall(body.Bytes, named, new HttpCaller(context), answer));
        }
    }

    private static async Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> json)
    {
        response.Headers.CacheControl = "no-store";
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        await response.BodyWriter.WriteAsync(json, response.HttpContext.RequestAborted);
    }

    private static Task WriteDocumentAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Document.Length;
        return context.Response.BodyWriter.WriteAsync(Document, context.RequestAborted).AsTask();
    }

    private static bool IsJson(string? contentType) =>
        string.Equals(contentType, "application/json", StringComparison.OrdinalIgnoreCase)
        || (MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase));

    private static byte[] ReadDocument()
    {
        using var stream = typeof(ApiEndpoints).Assembly.GetManifestResourceStream("api/openapi.json")
            ?? throw new InvalidOperationException("openapi.json is not in the assembly.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    [LoggerMessage(EventId = 4201, Level = LogLevel.Error, Message = "A request to {Path} failed")]
    private static partial void LogFault(ILogger logger, Exception fault, string path);

    private sealed class AnswerPolicy : PooledObjectPolicy<PayloadWriter>
    {
        public override PayloadWriter Create() => new();

        public override bool Return(PayloadWriter obj)
        {
            obj.Clear();
            return true;
        }
    }
}
