using Broker.Actors.Dialects.Http;
using Broker.Actors.Loops;

namespace Broker.Node.Endpoints;

/// <summary>Answers for programs that say what is wrong, in the form of RFC 9457.</summary>
internal static class Problems
{
    /// <summary>Whether refusals at this path are for programs: those of the HTTP API and of event streams.</summary>
    public static bool Are(PathString path) => path.StartsWithSegments(ApiEndpoints.Root, StringComparison.OrdinalIgnoreCase) || path == SseEndpoint.Path;

    public static async Task WriteAsync(HttpResponse response, ApiProblem problem)
    {
        response.StatusCode = problem.Status;
        if (problem.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        response.Headers.CacheControl = "no-store";
        response.ContentType = ApiProblem.ContentType;
        var payload = new PayloadWriter();
        problem.Write(payload);
        response.ContentLength = payload.WrittenCount;
        await response.BodyWriter.WriteAsync(payload.WrittenMemory, response.HttpContext.RequestAborted);
    }

    /// <summary>Puts a problem to a bare status.</summary>
    public static Task WriteStatusAsync(HttpContext context) => WriteAsync(context.Response, context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => ApiProblem.NotFound,
        StatusCodes.Status405MethodNotAllowed => ApiProblem.MethodNotAllowed with { Detail = $"There is {context.Response.Headers.Allow}." },
        StatusCodes.Status413PayloadTooLarge => ApiProblem.BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType => ApiProblem.UnsupportedMediaType,
        StatusCodes.Status429TooManyRequests => ApiProblem.TooManyRequests,
        StatusCodes.Status503ServiceUnavailable => ApiProblem.Unavailable,
        var status => ApiProblem.InternalError with { Status = status },
    });
}
