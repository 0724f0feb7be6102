namespace CovidCt;

/// <summary>Turns the pixels of a slice by right angles, and mirrors them.</summary>
internal static class TurnedPixels
{
    /// <summary>The pixels row by row; the same array where nothing is to be turned.</summary>
    /// <param name="stored">The pixels as they are stored, row by row.</param>
    /// <param name="width">Columns once they are turned.</param>
    /// <param name="height">Rows once they are turned.</param>
    /// <param name="isTransposed">Whether rows are stored as columns.</param>
    /// <param name="isAgainstX">Whether columns are counted from right to left, once rows are rows.</param>
    /// <param name="isAgainstY">Whether rows are counted from bottom to top, once rows are rows.</param>
    public static float[] Of(float[] stored, int width, int height, bool isTransposed, bool isAgainstX, bool isAgainstY)
    {
        if (!isTransposed && !isAgainstX && !isAgainstY)
        {
            return stored;
        }

        var (right, down) = isTransposed ? (height, 1) : (1, width);
        var first = (isAgainstX ? (width - 1) * right : 0) + (isAgainstY ? (height - 1) * down : 0);
        (right, down) = (isAgainstX ? -right : right, isAgainstY ? -down : down);
        var turned = new float[stored.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                turned[(y * width) + x] = stored[first + (x * right) + (y * down)];
            }
        }

        return turned;
    }
}
