using System.Globalization;
using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Networks;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CovidCt.AspNetCore;

/// <summary>Requests that get no answer, as problem details (RFC 9457).</summary>
internal static class Refusal
{
    /// <summary>What is said of an exception; null of one that is nobody's fault but the program's.</summary>
    /// <param name="exception">What happened.</param>
    /// <param name="http">The request.</param>
    /// <param name="isRead">Whether all of it had come.</param>
    /// <param name="maxBytes">The most bytes of a file.</param>
    /// <param name="patience">In how many seconds it is worth while to ask again.</param>
    public static IResult? Of(Exception exception, HttpContext http, bool isRead, int maxBytes, int patience) => exception switch
    {
        _ when http.RequestAborted.IsCancellationRequested => Results.Empty, // Nobody is there to be told.
        UploadException upload => Problem(upload.Status, upload.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            Problem(StatusCodes.Status413PayloadTooLarge, Upload.TooLarge(maxBytes).Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } or OperationCanceledException when !isRead =>
            Problem(StatusCodes.Status408RequestTimeout, "The file came too slowly."),
        BadHttpRequestException bad => Problem(bad.StatusCode, "The request is damaged or cut off."),
        IOException when !isRead => Problem(StatusCodes.Status400BadRequest, "The request is damaged or cut off."),
        OperationCanceledException => Later(
            http, StatusCodes.Status503ServiceUnavailable, "There was no answer in the time that a request may take.", patience),
        ImageRejectedException image => Problem(StatusCodes.Status422UnprocessableEntity, image.Message),
        QueueFullException => Full(http, patience),
        WeightsException or DllNotFoundException =>
            Later(http, StatusCodes.Status503ServiceUnavailable, "The model can't answer at present.", patience),
        ObjectDisposedException => Later(http, StatusCodes.Status503ServiceUnavailable, "The service is being ended.", patience),
        _ => null,
    };

    /// <summary>A queue that is full.</summary>
    public static IResult Full(HttpContext http, int patience) =>
        Later(http, StatusCodes.Status429TooManyRequests, "The queue is full. Ask again in a moment.", patience);

    public static IResult Problem(int status, string reason) => TypedResults.Problem(reason, statusCode: status);

    private static IResult Later(HttpContext http, int status, string reason, int patience)
    {
        http.Response.Headers[HeaderNames.RetryAfter] = patience.ToString(CultureInfo.InvariantCulture);
        return Problem(status, reason);
    }
}
