using CovidCt.Dicom.Writing;

namespace CovidCt.Dicom.Tests.Writing;

public sealed class CaptionTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(61, 47)]
    [InlineData(512, 512)]
    [InlineData(1500, 7)]
    public void The_picture_stands_above_the_sentence_as_it_was(int width, int height)
    {
        var picture = AnsweredSeries.Picture(width, height);
        var captioned = Caption.Below(picture);
        for (var row = 0; row < height; row++)
        {
            Assert.Equal(picture.Pixels.AsSpan(3 * row * width, 3 * width), captioned.Pixels.AsSpan(3 * row * captioned.Width, 3 * width));
        }

        var below = captioned.Pixels.AsSpan(3 * height * captioned.Width).ToArray();
        Assert.All(below, value => Assert.True(value is 0 or 255));
        var letters = below.Count(value => value == 255) / 3;
        var scale = Math.Clamp((captioned.Width - 6) / (6 * AnsweredSeries.Notice.Length), 1, 4);
        Assert.Equal(Letters() * scale * scale, letters);
    }

    // Of the sentence on one line, at its least size.
    private static int Letters()
    {
        var width = 6 + (6 * AnsweredSeries.Notice.Length);
        return Caption.Below(new(width, 1, new byte[3 * width])).Pixels.Count(value => value == 255) / 3;
    }
}
