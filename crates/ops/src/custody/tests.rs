mod cases;
mod story;
